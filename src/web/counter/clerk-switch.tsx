/**
 * Who is at the screen changes: on purpose, after an idle time, or because the log-in is no longer valid. While a
 * payment is open or unknown it stands beside the payment, in the place of the fees, and never over it.
 */
import { useEffect } from 'react';
import { Unreachable } from '../shared/api.ts';
import { SignIn, SignInForm } from '../shared/sign-in.tsx';
import { useIdle } from '../shared/use-idle.ts';
import { signOut } from './service.ts';
import type { Session } from './session.ts';

const LOCKS_AFTER_MINUTES = 10;

export function ClerkSwitch(props: {
  session: Session;
  signedOut: boolean;
  /** The clerk has asked for it. */
  wished: boolean;
  /** No payment is open or unknown. */
  canCover: boolean;
  onClose: () => void;
  reload: () => void;
}) {
  const { session, signedOut, wished, canCover } = props;
  // A trial's page signs in by itself.
  const { isIdle, wake } = useIdle(session.book === 'trial' || !canCover ? null : LOCKS_AFTER_MINUTES);
  useEffect(() => {
    if (isIdle) void endSession();
  }, [isIdle]);
  const goOn = (): void => {
    wake();
    props.onClose();
    props.reload();
  };
  const mustSignIn = isIdle || signedOut;
  if (!mustSignIn && !wished) return null;
  const { number } = session.clerk;
  const onClose = mustSignIn ? undefined : props.onClose;
  const title = mustSignIn ? 'サインイン' : '担当者の交代';
  if (mustSignIn && canCover) {
    return <SignIn title={title} number={number} onSignedIn={goOn} onClose={undefined} />;
  }
  return (
    <section className="beside" role="dialog" aria-label={title}>
      <div className="beside-form">
        <h2 className="dialog-title">{title}</h2>
        <SignInForm number={mustSignIn ? number : undefined} onSignedIn={goOn} onClose={onClose} />
      </div>
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
