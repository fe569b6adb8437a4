/** Ways a picture comes in: chosen, dropped anywhere, pasted. Calls `take` with an array of Files. */
export function bring(input, target, take) {
  input.addEventListener("change", () => {
    if (input.files.length) take([...input.files]);
    input.value = ""; // so that the same file can be chosen again
  });

  document.addEventListener("paste", ({ clipboardData }) => {
    const pictures = [...clipboardData.files].filter(({ type }) => type.startsWith("image/"));
    if (pictures.length) take(pictures);
  });

  const brings = ({ dataTransfer }) => dataTransfer.types.includes("Files");
  document.addEventListener("dragover", (event) => {
    target.hidden = !brings(event);
    if (brings(event)) event.preventDefault();
  });
  document.addEventListener("dragleave", ({ relatedTarget }) => {
    if (!relatedTarget) target.hidden = true; // it left the window
  });
  document.addEventListener("drop", (event) => {
    target.hidden = true;
    if (!brings(event)) return;
    event.preventDefault();
    const { files } = event.dataTransfer;
    if (files.length) take([...files]);
  });
}
