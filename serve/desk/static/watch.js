// The pages of the desk that show no queue tell of emergencies too.

import { announce } from "./emergency.js";
import { begin } from "./sound.js";

begin();
const source = new EventSource("/v1/events"); // after a cut the browser asks for what it missed
source.addEventListener("hello", () => { document.documentElement.dataset.ready = "1"; });
source.addEventListener("emergency", (event) => {
  const { complaint } = JSON.parse(event.data);
  announce(complaint, () => location.assign(`/aduan/${complaint}`));
});
