/** A state's shape. Each has an outline of its own, so that it is told without colour and from across a desk. */
import type { SignKind } from './payment-words.ts';

const SHAPES: Record<SignKind, { outline: string; mark: string }> = {
  ok: { outline: 'M12 1a11 11 0 1 1 0 22a11 11 0 1 1 0-22z', mark: 'M6.8 12.6l3.5 3.5l7-7.6' },
  no: { outline: 'M7.5 1.5h9l6 6v9l-6 6h-9l-6-6v-9z', mark: 'M8.2 8.2l7.6 7.6M15.8 8.2l-7.6 7.6' },
  stop: {
    outline: 'M4 2h16a2 2 0 0 1 2 2v16a2 2 0 0 1-2 2h-16a2 2 0 0 1-2-2v-16a2 2 0 0 1 2-2z',
    mark: 'M7 12h10',
  },
  ask: {
    outline: 'M12 .8l11.2 11.2l-11.2 11.2l-11.2-11.2z',
    mark: 'M9.3 9.6a2.8 2.8 0 1 1 4.1 2.5c-.9.5-1.4 1-1.4 2.1M12 17.2v.1',
  },
  run: { outline: 'M12 1a11 11 0 1 1 0 22a11 11 0 1 1 0-22z', mark: 'M9.8 7.6l6.4 4.4l-6.4 4.4z' },
  none: { outline: 'M12 1a11 11 0 1 1 0 22a11 11 0 1 1 0-22z', mark: 'M5 19l14-14' },
};

/** Purely a picture: the word stands beside it. */
export function Sign({ kind, size }: { kind: SignKind; size: 'small' | 'large' }) {
  const { outline, mark } = SHAPES[kind];
  return (
    <svg className={`sign sign-${size}`} data-kind={kind} viewBox="0 0 24 24" aria-hidden="true">
      <path className="sign-outline" d={outline} />
      <path className="sign-mark" d={mark} />
    </svg>
  );
}
