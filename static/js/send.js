export const TOO_MANY = 429; // the status, where a client is held to a rate

/**
 * Send a picture to /predict: a Blob as it is, a data: URL as JSON. `progress` is told the share
 * that has been sent. Resolves to {status, answer}, the answer null where it was not JSON; rejects
 * where there was none, or where `signal` stopped it.
 */
export function send(picture, steps, { signal, progress = () => {} }) {
  const request = new XMLHttpRequest(); // fetch does not tell how much has been sent
  request.open("POST", `predict?steps=${steps}`);
  request.responseType = "json";
  request.upload.onprogress = ({ loaded, total }) => progress(loaded / total);
  const abort = () => request.abort();
  signal.addEventListener("abort", abort);
  request.onloadend = () => signal.removeEventListener("abort", abort);
  const isBlob = picture instanceof Blob;
  request.setRequestHeader("Content-Type", isBlob ? "application/octet-stream" : "application/json");
  return new Promise((resolve, reject) => {
    request.onload = () => resolve({ status: request.status, answer: request.response });
    request.onerror = request.onabort = () => reject(new Error("no answer"));
    request.send(isBlob ? picture : JSON.stringify({ image: picture }));
  });
}
