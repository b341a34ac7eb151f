import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { surveyCode, verifySurveyCode } from '../../src/survey/code.ts';

const SECRET = 'a secret of the city';

test('every payment has one code, and it proves itself', () => {
  fc.assert(
    fc.property(fc.uuid(), (id) => {
      const code = surveyCode(SECRET, id);
      assert.equal(code, surveyCode(SECRET, id));
      assert.match(code, /^[\w-]{11}\.[\w-]{11}$/);
      assert.equal(verifySurveyCode(SECRET, code), code.split('.')[0]);
    }),
  );
});

test('a code of another city, or with any character changed, is no code', () => {
  const code = surveyCode(SECRET, 'b3b1a1f0-9a53-4c55-8f3b-0f8f9a3f8f10');
  assert.equal(verifySurveyCode('another secret', code), undefined);
  for (let index = 0; index < code.length; index += 1) {
    for (const character of 'AQgw09_-.') {
      const changed = code.slice(0, index) + character + code.slice(index + 1);
      if (changed !== code) assert.equal(verifySurveyCode(SECRET, changed), undefined, changed);
    }
  }
});

test('nothing else is a code', () => {
  fc.assert(fc.property(fc.string(), (text) => assert.equal(verifySurveyCode(SECRET, text), undefined)));
  const code = surveyCode(SECRET, 'a');
  for (const text of [
    '',
    '.',
    `${code}=`,
    `${code}.`,
    ` ${code}`,
    code.toUpperCase(),
    code.replace('.', ''),
  ]) {
    assert.equal(verifySurveyCode(SECRET, text), undefined, text);
  }
});
