/** What the clerk says to the resident, or shows to whoever reads no Japanese. */
import type { Spoken } from './unknown-words.ts';

export function TellResident({ tell }: { tell: Spoken }) {
  return (
    <p className="tell">
      <b>お客様への案内</b>
      {tell.ja}
      <span className="tell-other" lang="en">
        {tell.en}
      </span>
    </p>
  );
}
