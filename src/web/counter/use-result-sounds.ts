/** Each result is heard once, when it appears. */
import { useEffect, useRef, useState } from 'react';
import type { PaymentState } from '../../payments/lifecycle.ts';
import type { PaymentView } from '../../payments/view.ts';
import { createSounds, type Sound } from '../shared/sound.ts';
import type { Notice } from './sale.ts';

const SOUND_OF: Record<PaymentState, Sound | null> = {
  armed: null,
  approved: 'approved',
  declined: 'not_paid',
  cancelled: 'not_paid',
  not_charged: 'not_paid',
  unknown: 'unknown',
  not_sent: 'refused',
};

export function useResultSounds(payment: PaymentView | null, notice: Notice | null, muted: boolean): void {
  const [sounds] = useState(createSounds);
  const heard = useRef<string | null>(null);
  const sound = payment === null ? (notice === null ? null : 'refused') : SOUND_OF[payment.state];
  const occasion = payment === null ? (notice?.message ?? null) : `${payment.id} ${payment.state}`;
  useEffect(() => {
    if (heard.current === occasion) return;
    heard.current = occasion;
    if (sound !== null && !muted) sounds.play(sound);
  }, [occasion, sound, muted, sounds]);
}
