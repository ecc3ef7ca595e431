// What the address tells: the filter of the list, and the opened complaint.

export const filters = () => {
  const params = new URLSearchParams(location.search);
  params.delete("batal");
  const text = params.toString();
  return text ? `?${text}` : "";
};
export const addressed = () => Number(location.pathname.match(/^\/aduan\/(\d+)/)?.[1] ?? 0); // 0: the list

// The title goes by the address: where there is room for both, the list's has a complaint beside it. That of the list
// also tells what was found; a page that came with a complaint has heard nothing of that.
const [titleAtFirst] = document.title.split(" · ");
const titleOfList = addressed() ? "Antrean" : titleAtFirst;
export function entitle() {
  const what = addressed() ? `Aduan ${addressed()}` : titleOfList;
  document.title = document.title.replace(/^.*?(?= · )/, () => what);
}
