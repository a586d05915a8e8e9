// A policy as sentences, and what differs between two of them: the sentences that only one has, and those whose words changed.

import { limitText, money } from '../../words/format';
import { word } from '../../words/words';
import { AMOUNTS, FIGURES, unitOf, type Draft, type DraftRule, type DraftStep, type Figure } from './draft';
import { sentence, t } from './words';

export function thresholdText(rule: DraftRule): string {
  switch (unitOf(rule.kind)) {
    case 'amount': return money(rule.threshold);
    case 'state': return word('state', rule.threshold);
    default: return rule.threshold;
  }
}

/** A sentence of a policy, and the words of it that a change of the same sentence would alter. */
interface Line {
  /** Two lines are the same sentence where this is the same. */
  of: string;
  words: readonly string[];
  text: (words: readonly string[]) => string;
}

function ruleLine(rule: DraftRule): Line {
  const only = rule.account ? t('policy.scope.account.told', { account: rule.account }) : rule.tier ? t('policy.scope.tier.told', { tier: rule.tier }) : '';
  return {
    of: `rule ${rule.kind} ${rule.horizon ? 'ahead' : ''} ${only}`,
    words: [t(`policy.outcome.${rule.outcome === 'pass' ? 'warn' : rule.outcome}`), t(`policy.gate.${rule.gate}`), thresholdText(rule), rule.horizon],
    text: ([outcome = '', gate = '', n = '', days = '']) => [
      t('policy.rule', { outcome, gate, when: sentence(`when.${rule.kind}`, { n }) ?? rule.kind }),
      days && t('policy.horizon.told', { days }), only,
    ].filter(Boolean).join(t('app.comma')),
  };
}

function stepLine(step: DraftStep): Line {
  return {
    of: step.upTo ? 'step' : 'last step',
    words: [limitText(step.upTo), step.roles.map((role) => word('role', role)).join(t('policy.and'))],
    text: ([amount = '', roles = '']) => (step.upTo ? t('policy.step', { amount, roles }) : t('policy.step.last', { roles })),
  };
}

function figureLine(name: Figure, value: string): Line {
  return { of: name, words: [AMOUNTS.includes(name) ? money(value) : value], text: ([n = '']) => t(`policy.figure.${name}.told`, { n }) };
}

const said = ({ words, text }: Line) => text(words);

export function ruleText(rule: DraftRule): string {
  return said(ruleLine(rule));
}

export function stepText(step: DraftStep): string {
  return said(stepLine(step));
}

/** Of as much of a policy as is given. */
function linesOf({ rules, steps, figures }: Partial<Draft>): Line[] {
  return [
    ...(rules ?? []).map(ruleLine),
    ...(steps ?? []).map(stepLine),
    ...(figures ? FIGURES.map((name) => figureLine(name, figures[name])) : []),
  ];
}

export function textsOf(part: Partial<Draft>): string[] {
  return linesOf(part).map(said);
}

/** What a part says that the other does not, where somebody else changed it meanwhile. */
export function apart(part: string, value: unknown, other: unknown): string {
  const theirs = textsOf({ [part]: other });
  return textsOf({ [part]: value }).filter((text) => !theirs.includes(text)).join(t('app.comma')) || t('diff.none');
}

/** What stands in a sentence as it is, and what became of the rest. */
export type Piece = string | { old: string; now: string };

export interface Difference {
  gone: string[];
  come: string[];
  /** Sentences that both have, with other words. */
  turned: Piece[][];
}

/** Stand around what changed while the sentence is put together; nobody types them. */
const [OPENS, TURNS, CLOSES] = ['\u{F0001}', '\u{F0002}', '\u{F0003}'];

function turnedOf(before: Line, after: Line): Piece[] {
  const words = after.words.map((now, i) => (now === before.words[i] ? now : `${OPENS}${before.words[i]}${TURNS}${now}${CLOSES}`));
  return after.text(words).split(new RegExp(`[${OPENS}${CLOSES}]`, 'u')).filter(Boolean).map((piece): Piece => {
    const [old = '', now] = piece.split(TURNS);
    // A figure that is being typed is not there yet.
    return now === undefined ? old : { old: old || t('app.none'), now: now || t('app.none') };
  });
}

/** Of two lines of one sentence, how many words they share; -1: they are no versions of each other. A step is known by its
 *  amount or by who consents, a rule or a figure by what it is about. */
function likeness(one: Line, other: Line): number {
  if (one.of !== other.of) return -1;
  const same = one.words.filter((text, i) => text === other.words[i]).length;
  return same || !one.of.endsWith('step') ? same : -1;
}

/** Pairs the likest first, so that of two rules of a kind each meets its own. */
export function differenceOf(before: Draft, after: Draft): Difference {
  const [old, now] = [linesOf(before), linesOf(after)];
  const [olds, nows] = [old.map(said), now.map(said)];
  const gone = old.filter((line) => !nows.includes(said(line)));
  const come = now.filter((line) => !olds.includes(said(line)));
  const pairs = gone.flatMap((one) => come.map((other) => ({ one, other, like: likeness(one, other) })))
    .filter(({ like }) => like >= 0).sort((a, b) => b.like - a.like);
  const became = new Map<Line, Line>();
  for (const { one, other } of pairs) {
    if (!became.has(other) && ![...became.values()].includes(one)) became.set(other, one);
  }
  return {
    gone: gone.filter((line) => ![...became.values()].includes(line)).map(said),
    come: come.filter((line) => !became.has(line)).map(said),
    turned: come.flatMap((line) => {
      const one = became.get(line);
      return one ? [turnedOf(one, line)] : [];
    }),
  };
}

export function differs({ gone, come, turned }: Difference): boolean {
  return gone.length + come.length + turned.length > 0;
}
