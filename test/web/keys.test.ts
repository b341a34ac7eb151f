import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandOf, type Keystroke } from '../../src/web/counter/keys.ts';

const key = (code: string, change: Partial<Keystroke> = {}): Keystroke => ({
  code,
  shiftKey: false,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  repeat: false,
  ...change,
});

test('digits add a fee, with shift they take one away, on both rows of digits', () => {
  assert.deepEqual(commandOf(key('Digit1')), { do: 'fee_more', index: 0 });
  assert.deepEqual(commandOf(key('Numpad9')), { do: 'fee_more', index: 8 });
  assert.deepEqual(commandOf(key('Digit3', { shiftKey: true })), { do: 'fee_less', index: 2 });
  assert.equal(commandOf(key('Digit0')), undefined);
});

test('letters choose the method and the brand by their place on the keyboard', () => {
  assert.deepEqual(commandOf(key('KeyQ')), { do: 'method', index: 0 });
  assert.deepEqual(commandOf(key('KeyR')), { do: 'method', index: 3 });
  assert.deepEqual(commandOf(key('KeyA')), { do: 'brand', index: 0 });
  assert.equal(commandOf(key('KeyZ')), undefined);
});

test('a key that is held down pays once, and the shortcuts of the browser stay its own', () => {
  assert.deepEqual(commandOf(key('Enter')), { do: 'primary' });
  assert.equal(commandOf(key('Enter', { repeat: true })), undefined);
  assert.equal(commandOf(key('KeyP', { ctrlKey: true })), undefined);
});
