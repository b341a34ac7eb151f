import { Sign } from '../shared/sign.tsx';

/** Why what is shown may be old. */
export function Fault({ message }: { message: string | null }) {
  if (message === null) return null;
  return (
    <p className="fault" role="alert" data-kind="no">
      <Sign kind="no" size="small" />
      {message}
    </p>
  );
}
