const form = document.querySelector("#form");
const told = document.querySelector("#status");
const answer = document.querySelector("#answer");

for (const origin of document.querySelectorAll(".origin")) origin.textContent = location.origin;
if (navigator.clipboard) document.querySelectorAll("pre:has(code)").forEach(offerToCopy);
form.addEventListener("submit", send);

function offerToCopy(call) {
  const button = document.createElement("button");
  button.textContent = "Copy";
  button.setAttribute("aria-label", `Copy the call in ${call.previousElementSibling.textContent}`);
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(call.textContent);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy"), 2000);
  });
  call.after(button);
}

async function send(event) {
  event.preventDefault();
  const { picture, mode } = Object.fromEntries(new FormData(form));
  told.textContent = "Reading …";
  answer.hidden = true;
  try {
    const response = await fetch(`/predict?mode=${mode}`, { method: "POST", body: picture });
    told.textContent = `${response.status} ${response.headers.get("Content-Type")}`;
    answer.textContent = JSON.stringify(await response.json(), null, 2);
    answer.hidden = false;
  } catch {
    told.textContent = "The server does not answer. Try again.";
  }
}
