// Prevents double submits: the second response would hide the first, such as a new key, which is shown only once.

const SECONDS = 5; // until a form without response may be sent again

addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.once) return event.preventDefault();
  form.dataset.once = "1";
  setTimeout(() => { delete form.dataset.once; }, SECONDS * 1000);
});
// Nor does reloading the page with the result send the form again.
if (document.querySelector(".told")) history.replaceState(history.state, "", location.href);
addEventListener("pageshow", () => document.querySelectorAll("[data-once]").forEach((form) => { delete form.dataset.once; }));
