// A large body, with word of how far it is: fetch does not tell.
import { Problem } from "@/lib/api/problem";
import { noteReached } from "@/lib/api/reachability";
import { noteProblem } from "@/lib/api/session-end";

interface Wish {
  address: string;
  body: Blob;
  type: string;
  onSent: (share: number) => void; // 0 to 1
  signal: AbortSignal;
}

function documentOf(request: XMLHttpRequest): unknown {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return null;
  }
}

// Fails with a Problem; a signal that aborts it rejects with its reason.
export function upload<Answer>({ address, body, type, onSent, signal }: Wish): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("Content-Type", type);
    request.upload.onprogress = ({ loaded, total }) => onSent(total > 0 ? loaded / total : 0);
    request.onload = () => {
      noteReached(true);
      const document = documentOf(request);
      if (request.status < 300) return resolve(document as Answer);
      const problem = new Problem(request.status, document ?? { title: `The server answered with status ${request.status}` });
      noteProblem(problem);
      reject(problem);
    };
    request.onerror = () => {
      noteReached(false);
      reject(new Problem(0, { title: "Temps does not answer", detail: "The upload broke off." }));
    };
    request.onabort = () => reject(signal.reason);
    signal.addEventListener("abort", () => request.abort());
    request.send(body);
  });
}
