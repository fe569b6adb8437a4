/** Ways a picture comes in: chosen, dropped anywhere, pasted. Calls `take` with the File. */
export function bring(input, target, take) {
  input.addEventListener("change", () => {
    const [file] = input.files;
    if (file) take(file);
    input.value = ""; // so that the same file can be chosen again
  });

  document.addEventListener("paste", ({ clipboardData }) => {
    const file = pictureIn(clipboardData.files);
    if (file) take(file);
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
    const file = pictureIn(files) ?? files[0];
    if (file) take(file);
  });
}

function pictureIn(files) {
  return [...files].find(({ type }) => type.startsWith("image/"));
}
