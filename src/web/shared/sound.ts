/** Four short sounds, made here (no files): each result can be heard without looking, and told from the others. */

export type Sound = 'approved' | 'not_paid' | 'unknown' | 'refused';

/** Notes as [start in s, frequency in Hz, length in s]. */
const SOUNDS: Record<Sound, { wave: OscillatorType; notes: readonly (readonly [number, number, number])[] }> =
  {
    // Rising third: done.
    approved: {
      wave: 'sine',
      notes: [
        [0, 880, 0.12],
        [0.13, 1108.7, 0.26],
      ],
    },
    // Falling fourth: no, but nothing is wrong.
    not_paid: {
      wave: 'sine',
      notes: [
        [0, 523.3, 0.16],
        [0.18, 392, 0.3],
      ],
    },
    // Three even beats that don't resolve: look at the screen.
    unknown: {
      wave: 'triangle',
      notes: [
        [0, 659.3, 0.12],
        [0.22, 659.3, 0.12],
        [0.44, 622.3, 0.34],
      ],
    },
    // One low knock: it never left.
    refused: { wave: 'triangle', notes: [[0, 220, 0.18]] },
  };
const LOUDNESS = 0.2;
const FADE_S = 0.02;

/**
 * The player of one screen. A browser lets it sound only after the first touch or key. Between sounds it sleeps: silence
 * that is played all day takes as much of a core as the rest of a screen at which nobody stands.
 */
export function createSounds(): { play: (sound: Sound) => void } {
  let context: AudioContext | undefined;
  let ringing = 0;
  return {
    play(sound) {
      if (!navigator.userActivation.hasBeenActive) return;
      const player = (context ??= new AudioContext());
      void player.resume();
      const { wave, notes } = SOUNDS[sound];
      for (const [startS, frequencyHz, lengthS] of notes) {
        ringing += 1;
        playNote(player, wave, startS, frequencyHz, lengthS).onended = () => {
          ringing -= 1;
          if (ringing === 0) void player.suspend();
        };
      }
    },
  };
}

function playNote(
  context: AudioContext,
  wave: OscillatorType,
  startS: number,
  frequencyHz: number,
  lengthS: number,
): OscillatorNode {
  const from = context.currentTime + startS;
  const gain = context.createGain();
  gain.gain.setValueAtTime(0, from);
  gain.gain.linearRampToValueAtTime(LOUDNESS, from + FADE_S);
  gain.gain.setValueAtTime(LOUDNESS, from + lengthS - FADE_S);
  gain.gain.linearRampToValueAtTime(0, from + lengthS);
  const tone = context.createOscillator();
  tone.type = wave;
  tone.frequency.value = frequencyHz;
  tone.connect(gain).connect(context.destination);
  tone.start(from);
  tone.stop(from + lengthS);
  return tone;
}
