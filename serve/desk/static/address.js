// What the address tells: the filter of the list, and the opened complaint.

export const filters = () => {
  const params = new URLSearchParams(location.search);
  params.delete("batal");
  const text = params.toString();
  return text ? `?${text}` : "";
};
export const addressed = () => Number(location.pathname.match(/^\/aduan\/(\d+)/)?.[1] ?? 0); // 0: the list

// The title goes by the address: where there is room for both, the list's has a complaint beside it.
export function entitle() { document.title = document.title.replace(/^[^·]*/, addressed() ? `Aduan ${addressed()} ` : "Antrean "); }
