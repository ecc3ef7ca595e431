// A form is sent once, however often its button is pressed: the page that answers the second time would hide what the
// first was told, such as a new key that is shown only once.

const SECONDS = 5; // after which a form that was never answered may be sent again

addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.once) return event.preventDefault();
  form.dataset.once = "1";
  setTimeout(() => { delete form.dataset.once; }, SECONDS * 1000);
});
// Nor again by a page that has told what it did, when that is loaded anew.
if (document.querySelector(".told")) history.replaceState(history.state, "", location.href);
addEventListener("pageshow", () => document.querySelectorAll("[data-once]").forEach((form) => { delete form.dataset.once; }));
