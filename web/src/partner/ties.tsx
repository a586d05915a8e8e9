// How a partner is tied to others: as a small graph around it where there is room, and in words.

import type { Relation } from '../api/types';
import { Link } from '../kit/link';
import { partnerPath } from '../places/partner/place';
import { day } from '../words/format';
import { sentence, t } from './words';

/** Beyond that it is no picture any more; the words have all of them. */
const MOST_DRAWN = 10;
const WIDE = 720;
const HIGH = 340;
const REACH_X = 255;
const REACH_Y = 125;

interface Tied {
  code: string;
  name: string;
  /** Read from this partner's side: "Supplies", or "Supplied by". */
  told: string;
}

function tiedTo(relation: Relation, partner: string): Tied {
  const isFirst = relation.partner === partner;
  return {
    code: isFirst ? relation.other : relation.partner,
    name: (isFirst ? relation.other_name : relation.partner_name) ?? '',
    told: sentence(`relation.${isFirst ? 'does' : 'is'}.${relation.kind}`) ?? relation.kind,
  };
}

function Tie({ relation, partner }: { relation: Relation; partner: string }) {
  const { code, name, told } = tiedTo(relation, partner);
  return (
    <li class="tie">
      <span>{told} <Link to={partnerPath(code)}>{name || code}</Link></span>
      <span class="faint">{[relation.from && t('relation.since', { day: day(relation.from) }), relation.until && t('relation.until', { day: day(relation.until) }), relation.note].filter(Boolean).join(' · ')}</span>
    </li>
  );
}

function cut(text: string): string {
  return text.length > 22 ? `${text.slice(0, 21)}…` : text;
}

/** Beginning at the left, so that two lie beside the middle and not on top of each other. */
function around(i: number, count: number): { x: number; y: number } {
  const angle = Math.PI + (2 * Math.PI * i) / count;
  return { x: WIDE / 2 + REACH_X * Math.cos(angle), y: HIGH / 2 + REACH_Y * Math.sin(angle) };
}

function Graph({ ties, middle }: { ties: readonly Tied[]; middle: string }) {
  return (
    <svg class="graph" viewBox={`0 0 ${WIDE} ${HIGH}`} aria-hidden="true">
      {ties.map((one, i) => {
        const at = around(i, ties.length);
        return (
          <g key={one.code + one.told}>
            <line class="graph-line" x1={WIDE / 2} y1={HIGH / 2} x2={at.x} y2={at.y} />
            <text class="graph-told" x={(WIDE / 2 + at.x) / 2} y={(HIGH / 2 + at.y) / 2 - 5} text-anchor="middle">{one.told}</text>
          </g>
        );
      })}
      {ties.map((one, i) => {
        const at = around(i, ties.length);
        return (
          <g key={one.code + one.told}>
            <rect class="graph-node" x={at.x - 92} y={at.y - 17} width="184" height="34" rx="8" />
            <text class="graph-name" x={at.x} y={at.y + 5} text-anchor="middle">{cut(one.name || one.code)}</text>
          </g>
        );
      })}
      <rect class="graph-node graph-middle" x={WIDE / 2 - 92} y={HIGH / 2 - 19} width="184" height="38" rx="8" />
      <text class="graph-name graph-middle-name" x={WIDE / 2} y={HIGH / 2 + 5} text-anchor="middle">{cut(middle)}</text>
    </svg>
  );
}

/** What the partner is called stands on its side of any relation. */
function nameOf(partner: string, relations: readonly Relation[]): string {
  const one = relations[0];
  return (one?.partner === partner ? one.partner_name : one?.other_name) ?? partner;
}

export function Ties({ relations, partner }: { relations: readonly Relation[]; partner: string }) {
  const open = relations.filter((one) => one.until === null).slice(0, MOST_DRAWN);
  return (
    <div class="card ties">
      {open.length > 1 && <Graph ties={open.map((one) => tiedTo(one, partner))} middle={nameOf(partner, relations)} />}
      <ul>{relations.map((one) => <Tie key={one.id} relation={one} partner={partner} />)}</ul>
    </div>
  );
}
