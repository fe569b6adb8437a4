export const TOO_MANY = 429; // the status, where a client is held to a rate
const NOT_YET = [408, 425]; // the same, where what was sent did not come whole, or came too soon

/**
 * Send a picture to /predict: a Blob as it is, a data: URL as JSON. `progress` is told the share
 * that has been sent. Resolves to {status, answer, rest}: the status 0 where it is no answer to the
 * picture, but of a proxy, say; the answer null where it was not JSON; and the seconds for which the
 * server wants to be left alone. Rejects where nothing came, or where `signal` stopped it.
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
    request.onload = () => resolve(answerOf(request));
    request.onerror = request.onabort = () => reject(new Error("no answer"));
    request.send(isBlob ? picture : JSON.stringify({ image: picture }));
  });
}

function answerOf(request) {
  const { status, response: answer } = request;
  const isReading = Array.isArray(answer?.digits);
  const isAnswer = status === 200 ? isReading : status <= 500 && !NOT_YET.includes(status);
  const rest = Number(request.getResponseHeader("Retry-After")) || 0; // it may be a date
  return { status: isAnswer ? status : 0, answer, rest };
}
