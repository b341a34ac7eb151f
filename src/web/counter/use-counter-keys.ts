/** What the keys do at the register; each stands for a button, and does nothing where that one is not there or can't be pressed. */
import { useEffect } from 'react';
import { brandsOf, METHODS } from '../../terminal/offer.ts';
import type { Command } from './keys.ts';
import { closedBecause } from './readiness.ts';
import { basketOf } from './sale-basket.ts';
import type { SaleAction } from './sale.ts';
import { useKeys } from './use-keys.ts';
import type { Reference } from './use-reference.ts';
import type { Register } from './use-register.ts';

/** @param isLocked nobody is signed in: nothing is rung up; a payment that is under way keeps its keys */
export function useCounterKeys(register: Register, reference: Reference, isLocked: boolean): void {
  const { step } = register;
  useKeys((command) => {
    if (!isLocked || step !== 'ringing') obey(command, register, reference);
  });
  useEffect(takeKeysBack, [step]);
}

function obey(command: Command, register: Register, reference: Reference): void {
  if (register.questions.obey(command)) return;
  if (command.do === 'primary' || command.do === 'escape' || command.do === 'print') {
    register[command.do]();
    return;
  }
  if (command.do === 'cash') {
    if (register.step === 'ringing' && register.cashHindrance === undefined) register.count('cash');
    return;
  }
  const action = actionOf(command, register, reference);
  if (action !== undefined) register.change(action);
}

/** What a key that stands for a button does; undefined where that button is not there or can't be pressed. */
function actionOf(
  command: Exclude<Command, { do: 'primary' | 'escape' | 'print' | 'cash' }>,
  { sale, choices }: Register,
  reference: Reference,
): SaleAction | undefined {
  switch (command.do) {
    case 'fee_more':
    case 'fee_less': {
      const item = reference.fees.get(sale.window)?.[command.index];
      if (item === undefined || closedBecause(item, reference.session.book) !== null) return undefined;
      return { type: command.do === 'fee_more' ? 'fee_added' : 'fee_removed', code: item.code };
    }
    case 'last_less': {
      const last = basketOf(sale).at(-1);
      return last === undefined ? undefined : { type: 'fee_removed', code: last.code };
    }
    case 'method': {
      const method = METHODS[command.index];
      const isTaken = method !== undefined && brandsOf(reference.session.offers, method).length > 0;
      return isTaken ? { type: 'method_chosen', method } : undefined;
    }
    case 'brand': {
      const choice = choices[command.index];
      return choice?.closed === null ? { type: 'brand_chosen', brand: choice.code } : undefined;
    }
  }
}

/** Whoever has just played the resident goes on as the clerk: the docked terminal gives the keyboard back. */
function takeKeysBack(): void {
  if (!(document.activeElement instanceof HTMLIFrameElement)) return;
  document.activeElement.blur();
  window.focus();
}
