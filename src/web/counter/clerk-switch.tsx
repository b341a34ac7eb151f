/**
 * Who is at the screen changes: on purpose, after an idle time, or because the log-in is no longer valid. It stands in
 * the place of the fees: whatever is open or unknown, on the right and in the list below, stays to be seen.
 */
import { useEffect, type ReactNode } from 'react';
import { Unreachable } from '../shared/api.ts';
import { SignInForm, useSignInPage } from '../shared/sign-in.tsx';
import { useIdle } from '../shared/use-idle.ts';
import { isUnderWay, type LiveState } from './live.ts';
import { signOut } from './service.ts';
import type { Session } from './session.ts';

const LOCKS_AFTER_MINUTES = 10;

/**
 * Locked after an idle time; never while a payment is under way, because asking for its cancellation needs a log-in.
 * A trial's page signs in by itself. `door`: what stands in the place of the fees; null: they do.
 */
export function useClerkSwitch(props: {
  session: Session;
  live: LiveState;
  signedOut: boolean;
  /** The clerk has asked for it. */
  isWished: boolean;
  onClose: () => void;
  reload: () => void;
}): { isLocked: boolean; door: ReactNode } {
  const { session, onClose } = props;
  const isTimed = session.book !== 'trial' && !isUnderWay(props.live);
  const { isIdle, wake } = useIdle(isTimed ? LOCKS_AFTER_MINUTES : null);
  useEffect(() => {
    if (isIdle) void endSession();
  }, [isIdle]);
  const onSignedIn = (): void => {
    wake();
    onClose();
    props.reload();
  };
  const isLocked = isIdle || props.signedOut;
  if (!isLocked && !props.isWished) return { isLocked, door: null };
  const door = (
    <ClerkSwitch session={session} isLocked={isLocked} onSignedIn={onSignedIn} onClose={onClose} />
  );
  return { isLocked, door };
}

function ClerkSwitch(props: {
  session: Session;
  /** Nothing goes on before somebody has signed in. */
  isLocked: boolean;
  onSignedIn: () => void;
  onClose: () => void;
}) {
  const { session, isLocked } = props;
  const page = useSignInPage();
  const title = isLocked ? 'サインイン' : '担当者の交代';
  return (
    <section
      className="door"
      role="dialog"
      aria-label={title}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !isLocked) props.onClose();
      }}
    >
      <h2 className="dialog-title">{title}</h2>
      {isLocked && (
        <p>しばらく使われなかったか、サインインの期限が切れました。支払いの記録は変わりません。</p>
      )}
      <SignInForm
        page={page}
        number={isLocked ? session.clerk.number : undefined}
        onSignedIn={props.onSignedIn}
        onClose={isLocked ? undefined : props.onClose}
      />
    </section>
  );
}

/** The lock is the service's too: a reload does not go round it. */
async function endSession(): Promise<void> {
  try {
    await signOut();
  } catch (error) {
    // Out of reach: the screen stays locked all the same, and nothing can be done without the service.
    if (!(error instanceof Unreachable)) throw error;
  }
}
