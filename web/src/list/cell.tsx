// What stands in a cell: on the page, and as text in a file.

import type { ComponentChildren } from 'preact';
import { Badge } from '../kit/badge';
import { ExposureBar } from '../kit/bar';
import { Icon } from '../kit/icon';
import { Link } from '../kit/link';
import { accountPath } from '../places/account/place';
import { orderPath } from '../places/orders/place';
import { partnerPath } from '../places/partner/place';
import { paymentPath } from '../places/receivables/place';
import { ownNumber } from '../words/called';
import { day, limitText, moment, money, moneyIn, size } from '../words/format';
import { idOf, isList, mayRead, text, valueOf, type ListField, type ListName, type Row } from './fields';
import { valueLabel } from './names';
import { listPath } from './look';
import { t } from './words';

export const BADGES: readonly string[] = ['state', 'status', 'outcome'];

export function isFigure(field: ListField): boolean {
  return ['money', 'decimal', 'int', 'limit', 'percent'].includes(field.type);
}

/** Plainly: what a file holds, and what a reader of the screen is told. */
export function cellText(field: ListField, row: Row): string {
  const value = valueOf(row, field.name);
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map((one) => valueLabel(field, String(one))).join(t('app.comma'));
  if (typeof value === 'boolean') return t(value ? 'list.yes' : 'list.no');
  const plain = String(value);
  if (field.type === 'limit') return plain === 'unlimited' ? t('limit.unlimited') : plain;
  return field.type === 'enum' || BADGES.includes(field.name) || isNamed(field) ? valueLabel(field, plain) : plain;
}

/** Texts of the document that are one of several. */
function isNamed({ name }: ListField): boolean {
  return name === 'gate' || name === 'reason_code' || name === 'what';
}

function Flags({ field, value }: { field: ListField; value: readonly unknown[] }) {
  return <span class="list-flags">{value.map((one) => <span key={String(one)} class="badge">{valueLabel(field, String(one))}</span>)}</span>;
}

function Reference({ field, value }: { field: ListField; value: string }) {
  if (field.to === 'account') return <Link to={accountPath(value)}>{value}</Link>;
  if (field.to === 'partner') return <Link to={partnerPath(value)}>{value}</Link>;
  return <span title={value}>{field.to === 'territory' ? valueLabel(field, value) : value}</span>;
}

/** Rates beneath each other have their decimals beneath each other. */
function rateText(rate: string): string {
  const [whole = '', rest = ''] = rate.split('.');
  return `${whole}.${rest.padEnd(4, '0')}`;
}

function OrderNumber({ row, number }: { row: Row; number: string }) {
  const order = text(row, 'order');
  return order ? <Link to={orderPath(order)}>{number}</Link> : <span title={number}>{number}</span>;
}

/** Of orders and goods, which people number or nobody does; an invoice is called by the number that stands on it. */
function isUnnumbered(list: ListName, field: ListField, value: string): boolean {
  const isNumber = field.name === 'order_number' || field.name === 'shipment_number' || (field.name === 'number' && (list === 'order' || list === 'shipment'));
  return isNumber && !ownNumber(value);
}

interface CellProps {
  list: ListName;
  field: ListField;
  row: Row;
  /** The currency stands in a column of its own. */
  hasCurrency: boolean;
  /** It stands in the link to its row. */
  isLead?: boolean;
}

export function Cell({ list, field, row, hasCurrency, isLead = false }: CellProps): ComponentChildren {
  const value = valueOf(row, field.name);
  if (value === null || value === undefined || value === '') {
    return <span class="faint">{field.type === 'limit' ? t('limit.not_set') : t('app.none')}</span>;
  }
  if (Array.isArray(value)) return <Flags field={field} value={value} />;
  if (typeof value === 'boolean') return value ? <span class="list-yes"><Icon name="check" /><span class="unseen">{t('list.yes')}</span></span> : <span class="faint">{t('list.no')}</span>;
  const plain = String(value);
  const currency = field.custom?.currency ?? (hasCurrency ? null : text(row, 'currency'));
  switch (field.type) {
    case 'money':
      if (list === 'account' && field.name === 'exposure') {
        return <span class="list-use"><span>{moneyIn(plain, currency)}</span><ExposureBar exposure={plain} limit={text(row, 'limit')} /></span>;
      }
      return size(plain) === 0 ? <span class="faint">{money(plain)}</span> : <span class={field.name === 'overdue' ? 'bad' : undefined}>{moneyIn(plain, currency)}</span>;
    case 'decimal': return money(field.name === 'rate' ? rateText(plain) : plain);
    case 'percent': return <span class={isOver(field, value) ? 'bad' : undefined}>{money(Number(plain).toFixed(1))}%</span>;
    case 'int': return <span title={plain}>{field.custom ? money(plain) : plain}</span>;
    case 'limit': return list === 'limit' && plain !== 'unlimited' ? moneyIn(plain, currency) : limitText(plain);
    case 'date': return day(plain);
    case 'instant': return moment(plain, 'minutes');
    case 'ref': return isLead ? plain : <Reference field={field} value={plain} />;
    case 'enum':
      if (BADGES.includes(field.name)) return <Badge group={field.name as 'state' | 'status' | 'outcome'} value={plain} />;
      return valueLabel(field, plain);
    default:
      if (isUnnumbered(list, field, plain)) return <span class="faint" title={plain}>{t('number.none')}</span>;
      if (BADGES.includes(field.name) && field.type === 'text' && list !== 'activity') return <Badge group={field.name as 'state' | 'status' | 'outcome'} value={plain} />;
      if (field.name === 'order_number' && !isLead) return <OrderNumber row={row} number={plain} />;
      return isNamed(field) ? <span>{valueLabel(field, plain)}</span> : <span title={plain}>{plain}</span>;
  }
}

/** The program rounds it up, so 100 is a limit that is used to the full and no more. */
function isOver(field: ListField, value: unknown): boolean {
  return field.name === 'limit_use' && Number(value) > 100;
}

/** The page about a row; null: there is none. */
export function rowPath(list: ListName, row: Row): string | null {
  const account = text(row, 'account');
  const partner = text(row, 'partner');
  switch (list) {
    case 'account': return accountPath(text(row, 'code') ?? '');
    case 'partner': return partnerPath(text(row, 'code') ?? '');
    case 'order': return orderPath(idOf(row), text(row, 'status'));
    case 'invoice': return account && accountPath(account, 'invoices');
    case 'shipment': return account && accountPath(account, 'shipments');
    case 'promise': return account && accountPath(account, 'promises');
    case 'limit': return account && accountPath(account, 'agreed');
    case 'relation': return partner && partnerPath(partner, 'people');
    case 'payment': return paymentPath(idOf(row));
    case 'allocation': return text(row, 'payment') ? paymentPath(text(row, 'payment') ?? '') : account && accountPath(account);
    case 'decision': return account && accountPath(account, 'decisions');
    case 'release': return text(row, 'order') ? orderPath(text(row, 'order') ?? '') : account && accountPath(account, 'agreed');
    case 'contact': return partner && partnerPath(partner, 'people');
    case 'view': return isList(text(row, 'list')) && mayRead(text(row, 'list') as ListName) ? listPath(text(row, 'list') ?? '', { view: idOf(row) }) : null;
    default: return account ? accountPath(account) : partner ? partnerPath(partner) : null;
  }
}

/** What a row is called, where one sentence is about it. */
export function rowName(row: Row): string {
  return text(row, 'name') ?? text(row, 'partner_name') ?? text(row, 'number') ?? text(row, 'code') ?? text(row, 'account') ?? text(row, 'partner') ?? idOf(row);
}
