// The open invoices of an account with what each is paid: to be typed, or shown as it will be done.

import { today } from '../../api/session';
import type { InvoiceView as Invoice } from '../../api/types';
import { Button } from '../../kit/button';
import { Field } from '../../kit/field';
import { Table, type Column } from '../../kit/table';
import { day, grouped, less, money, size } from '../../words/format';
import { daysBetween } from '../../words/days';
import { isAsked, sumOf, type Parts } from './allocate';
import { t } from './words';

interface PartsProps {
  invoices: readonly Invoice[];
  /** What there is to spread. */
  amount: string;
  parts: Parts;
  /** Absent: only shown. */
  onChange?: ((parts: Parts) => void) | undefined;
  error?: ((index: number) => string | undefined) | undefined;
}

/** As much of the invoice as the rest of the sum pays. */
function fill(invoice: Invoice, amount: string, parts: Parts): Parts {
  const id = invoice.id ?? '';
  const left = less(amount, sumOf({ ...parts, [id]: '' }, [invoice]));
  const open = invoice.open ?? '0';
  return { ...parts, [id]: size(left) <= 0 ? '' : grouped(size(less(left, open)) >= 0 ? open : left) };
}

function Typed({ invoice, amount, parts, onChange, error }: { invoice: Invoice; amount: string; parts: Parts; onChange: (parts: Parts) => void; error: string | undefined }) {
  const id = invoice.id ?? '';
  return (
    <span class="part-typed">
      <Field label={t('take.part_of', { number: invoice.number ?? '' })} hideLabel type="money" value={parts[id] ?? ''} onInput={(value) => onChange({ ...parts, [id]: value })} error={error} />
      <Button kind="quiet" label={t('take.fill_of', { number: invoice.number ?? '' })} onClick={() => onChange(fill(invoice, amount, parts))}>{t('take.fill')}</Button>
    </span>
  );
}

export function PartsTable({ invoices, amount, parts, onChange, error }: PartsProps) {
  const index = (invoice: Invoice) => Object.keys(parts).filter((id) => isAsked(parts[id] ?? '')).indexOf(invoice.id ?? '');
  const columns: Column<Invoice>[] = [
    { key: 'number', label: t('open.invoice'), lead: true, cell: (i) => i.number },
    {
      key: 'due', label: t('open.due'), date: true,
      cell: (i) => <span class={daysBetween(i.due_on ?? '', today()) > 0 ? 'bad' : undefined}>{day(i.due_on)}</span>,
    },
    { key: 'open', label: t('open.open'), figure: true, cell: (i) => money(i.open) },
    {
      key: 'part', label: t('take.part'), figure: true, wide: true,
      cell: (i) => onChange
        ? <Typed invoice={i} amount={amount} parts={parts} onChange={onChange} error={error?.(index(i))} />
        : parts[i.id ?? ''] ? <b>{money(parts[i.id ?? ''])}</b> : <span class="faint">{t('app.none')}</span>,
    },
  ];
  return <Table label={t('take.invoices')} columns={columns} rows={invoices} rowKey={(i) => i.id ?? ''} />;
}
