// Claims: who is working on what.

let claimed = 0;
function headers() { return { "x-csrf-token": document.querySelector("main").dataset.csrf, accept: "application/json" }; }

export function held() { return claimed; }

// Claims a complaint; returns what is to be told of somebody else who is working on it, or null.
export async function claim(number) {
  claimed = number;
  try {
    const response = await fetch(`/v1/complaints/${number}/claim`, { method: "PUT", headers: headers() });
    if (response.status !== 409) return null;
    const problem = await response.json();
    if (claimed === number) claimed = 0;
    return problem.detail;
  } catch {
    return null; // without a connection nobody can be told; the decision itself is checked again
  }
}

// Gives up the claim, unless it is that of the complaint that comes next.
export function release(next) {
  if (claimed && claimed !== next) {
    const path = `/v1/complaints/${claimed}/claim`;
    fetch(path, { method: "DELETE", headers: headers(), keepalive: true }).catch(() => {});
  }
  claimed = 0;
}
