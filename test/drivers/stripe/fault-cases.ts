/** Everything that Stripe’s pages say can go wrong, as a table: what the clerk hears, and whether money was taken. */

/** What a resident does unless the case says otherwise. */
export const CARD = { act: 'present', brand: 'visa' };

interface FaultCase {
  what: string;
  faults: object[];
  resident?: object;
  /** How the sale ends, and what was really taken. */
  ends: string | RegExp;
  taken: boolean;
  /** What a query says afterwards; left out: the same as the book. */
  found?: string;
}

const on = (endpoint: string, fault: string, times = 1): object => ({ fault, on: endpoint, times });

export const FAULT_CASES: readonly FaultCase[] = [
  // Before the reader is told, nothing can have moved.
  {
    what: 'making the payment fails for a moment, and the SDK repeats it',
    faults: [on('create_intent', 'error_before')],
    ends: 'completed',
    taken: true,
  },
  {
    what: 'making the payment is answered too late, and the SDK repeats it with the same key',
    faults: [on('create_intent', 'cut_after')],
    ends: 'completed',
    taken: true,
  },
  {
    what: 'another request has the same key just now, and the SDK waits',
    faults: [on('create_intent', 'key_in_use')],
    ends: 'completed',
    taken: true,
  },
  {
    what: 'making the payment fails three times',
    faults: [on('create_intent', 'error_before', 3)],
    ends: 'did not move',
    taken: false,
  },
  {
    what: 'the answer breaks off in the middle',
    faults: [on('create_intent', 'half_body')],
    ends: 'did not move',
    taken: false,
  },
  {
    what: 'the answer is no JSON',
    faults: [on('create_intent', 'not_json')],
    ends: 'did not move',
    taken: false,
  },
  {
    what: 'too many requests were made',
    faults: [on('create_intent', 'rate_limit')],
    ends: 'did not move',
    taken: false,
  },
  {
    what: 'the account may take no cards at readers',
    faults: [{ fault: 'filtered_methods' }],
    ends: 'not_sent',
    taken: false,
  },
  // The reader is told, or may be.
  {
    what: 'the reader is off',
    faults: [{ fault: 'offline' }],
    ends: 'declined terminal_reader_offline',
    taken: false,
  },
  {
    what: 'the reader is busy',
    faults: [{ fault: 'busy' }],
    ends: 'declined terminal_reader_busy',
    taken: false,
  },
  {
    what: 'the reader is broken',
    faults: [{ fault: 'hardware_fault' }],
    ends: 'declined terminal_reader_hardware_fault',
    taken: false,
  },
  {
    what: 'the reader stands elsewhere',
    faults: [{ fault: 'wrong_location' }],
    ends: 'declined terminal_reader_invalid_location_for_payment',
    taken: false,
  },
  {
    what: 'a time-out hides that the reader got the order',
    faults: [{ fault: 'timeout_received' }],
    ends: 'completed',
    taken: true,
  },
  {
    what: 'a time-out says truly that the reader did not get it',
    faults: [{ fault: 'timeout_lost' }],
    ends: 'declined terminal_reader_timeout',
    taken: false,
  },
  {
    what: 'Stripe breaks down after it told the reader',
    faults: [on('process', 'error_after')],
    ends: 'completed',
    taken: true,
  },
  {
    what: 'Stripe breaks down before it told the reader, and the SDK repeats it',
    faults: [on('process', 'error_before')],
    ends: 'completed',
    taken: true,
  },
  {
    what: 'the line is cut after the reader was told',
    faults: [on('process', 'cut_after')],
    ends: 'completed',
    taken: true,
  },
  {
    what: 'the answer to the order stalls',
    faults: [on('process', 'stall_after')],
    ends: 'completed',
    taken: true,
  },
  {
    what: 'the answer to the order breaks off',
    faults: [on('process', 'half_body')],
    ends: 'completed',
    taken: true,
  },
  {
    what: 'the order is refused for its rate',
    faults: [on('process', 'rate_limit')],
    ends: 'cancelled no_result_from_reader',
    taken: false,
  },
  {
    what: 'the object is locked',
    faults: [on('process', 'lock_timeout')],
    ends: 'cancelled no_result_from_reader',
    taken: false,
  },
  // While it is watched.
  {
    what: 'single looks fail',
    faults: [on('retrieve_reader', 'error_before', 2), on('retrieve_intent', 'rate_limit')],
    ends: 'completed',
    taken: true,
  },
  {
    what: 'a look stalls',
    faults: [on('retrieve_intent', 'stall_after')],
    ends: 'may have moved',
    taken: true,
  },
  {
    what: 'a look points elsewhere',
    faults: [on('retrieve_intent', 'redirect')],
    ends: 'completed',
    taken: true,
  },
  { what: 'a look breaks off', faults: [on('retrieve_reader', 'half_body')], ends: 'completed', taken: true },
  {
    what: 'no look is answered any more',
    faults: [on('retrieve_intent', 'error_before', 50)],
    ends: 'may have moved',
    taken: true,
  },
  {
    what: 'the reader lost its network, and the payment went through',
    faults: [{ fault: 'connection_error' }],
    ends: 'completed',
    taken: true,
  },
  {
    what: 'the reader lost its network, and the payment did not go through',
    faults: [{ fault: 'connection_error_unpaid' }],
    ends: 'cancelled connection_error',
    taken: false,
  },
  {
    what: 'the reader’s action stays in progress, and it was paid',
    faults: [{ fault: 'stuck_paid' }],
    ends: 'completed',
    taken: true,
  },
  {
    what: 'the reader’s action stays in progress, and it was not paid',
    faults: [{ fault: 'stuck_unpaid' }],
    ends: 'cancelled no_card_presented',
    taken: false,
  },
  {
    what: 'the reader says a status that nobody knows of a payment that was made',
    faults: [{ fault: 'strange_action_status' }],
    ends: 'completed',
    taken: true,
  },
  {
    what: 'the reader says a status that nobody knows of a decline',
    faults: [{ fault: 'strange_action_status' }],
    resident: { act: 'refuse' },
    ends: 'cancelled no_result_from_reader',
    taken: false,
  },
  {
    what: 'the reader fails with a code that nobody knows',
    faults: [{ fault: 'strange_failure_code' }],
    resident: { act: 'refuse' },
    ends: 'cancelled no_result_from_reader',
    taken: false,
  },
  {
    what: 'the payment has a status that nobody knows',
    faults: [{ fault: 'strange_intent_status' }],
    ends: 'may have moved',
    taken: true,
    found: 'inconclusive',
  },
  {
    what: 'the wish to stop is not acknowledged, and was heard',
    faults: [{ fault: 'cancel_timeout' }],
    resident: { act: 'walk_away' },
    ends: 'cancelled no_card_presented',
    taken: false,
  },
  {
    what: 'the wish to stop is refused once',
    faults: [{ fault: 'cancel_busy' }],
    resident: { act: 'walk_away' },
    ends: 'cancelled no_card_presented',
    taken: false,
  },
  {
    what: 'cancelling the payment fails once',
    faults: [on('cancel_intent', 'error_before')],
    resident: { act: 'walk_away' },
    ends: 'cancelled no_card_presented',
    taken: false,
  },
  {
    what: 'the card is declined, and cancelling the payment fails',
    faults: [on('cancel_intent', 'cut_after')],
    resident: { act: 'insufficient' },
    ends: 'declined insufficient_funds',
    taken: false,
  },
];
