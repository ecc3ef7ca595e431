// Claims on complaints, so that two dispatchers don't work on the same one.

let claimed = 0;
function headers() { return { "x-csrf-token": document.querySelector("main").dataset.csrf, accept: "application/json" }; }

export function held() { return claimed; }

// Claims a complaint; returns a message if somebody else is working on it, else null.
export async function claim(number) {
  claimed = number;
  try {
    const response = await fetch(`/v1/complaints/${number}/claim`, { method: "PUT", headers: headers() });
    if (response.status !== 409) return null;
    const problem = await response.json();
    if (claimed === number) claimed = 0;
    return problem.detail;
  } catch {
    return null; // offline no claim is possible; the server checks claims again when deciding
  }
}

// Releases the current claim, unless it is on the complaint `next`.
export function release(next) {
  if (claimed && claimed !== next) {
    const path = `/v1/complaints/${claimed}/claim`;
    fetch(path, { method: "DELETE", headers: headers(), keepalive: true }).catch(() => {});
  }
  claimed = 0;
}
