// State in the URL: the list's filter, and the opened complaint. Also the page's title, which follows from it.

export const filters = () => {
  const params = new URLSearchParams(location.search);
  params.delete("batal");
  const text = params.toString();
  return text ? `?${text}` : "";
};
export const addressed = () => Number(location.pathname.match(/^\/aduan\/(\d+)/)?.[1] ?? 0); // 0: the list

// The title follows the URL, as on a wide screen the list's page also shows a complaint. The list's title includes the
// number of matches, which a page loaded with a complaint doesn't know.
const [titleAtFirst] = document.title.split(" · ");
const titleOfList = addressed() ? "Antrean" : titleAtFirst;
export function entitle() {
  const what = addressed() ? `Aduan ${addressed()}` : titleOfList;
  document.title = document.title.replace(/^.*?(?= · )/, () => what);
}
