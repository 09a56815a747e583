import { Link, useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Data } from '../../shared/api/client.ts'
import { useApi } from '../../shared/api/queries.ts'
import { TradeBadge } from '../../shared/components/badge.tsx'
import { Facts, Page, Section } from '../../shared/components/page.tsx'
import { QrCode } from '../../shared/components/qr-code.tsx'
import { ErrorState, Skeleton } from '../../shared/components/states.tsx'
import { Code, Money, Time } from '../../shared/components/values.tsx'
import { formatMoney } from '../../shared/format/money.ts'
import { useLanguage, useTexts } from '../../shared/texts/language.ts'
import { Card } from './card.tsx'
import { PaymentActions } from './payment-actions.tsx'
import { Attempts, LedgerEntries, Notifications, Refunds } from './payment-records.tsx'
import { TEXTS } from './texts.ts'
import { Timeline } from './timeline.tsx'
import './payments.css'

type Detail = Data<'GET /dashboard-api/payments/{ucpOrderNo}'>

/** While an order, a refund or a notification is on its way, the page looks again. */
const LOOK_MS = 4_000

/** Once nothing is on its way it changes by somebody's act alone, or by a notification's next try after minutes. */
const LOOK_SELDOM_MS = 60_000
const ON_THEIR_WAY: readonly string[] = ['NOTPAY', 'USERPAYING', 'AUTHORIZED']

function lookAgainAfter(detail: Detail | undefined): number {
  if (!detail) return LOOK_MS
  const { payment, refunds, notifications } = detail
  const waits =
    ON_THEIR_WAY.includes(payment.tradeStatus) ||
    refunds.some(({ refundStatus }) => refundStatus === 'PROCESSING') ||
    notifications.some(({ status, attempts }) => status === 'pending' && attempts < 3)
  return waits ? LOOK_MS : LOOK_SELDOM_MS
}

/** Everything about one payment, and what can be done with it. */
export function PaymentPage(): ReactNode {
  const t = useTexts(TEXTS)
  const language = useLanguage()
  const { ucpOrderNo = '' }: { ucpOrderNo?: string } = useParams({ strict: false })
  const { data, error, refetch } = useApi(
    'GET /dashboard-api/payments/{ucpOrderNo}',
    { params: { ucpOrderNo } },
    { refetchInterval: lookAgainAfter },
  )
  const above = <Link to="/payments">← {t('title')}</Link>
  if (error && !data)
    return (
      <Page title={t('notFound')} above={above}>
        <ErrorState failure={error} onRetry={() => void refetch()} />
      </Page>
    )
  if (!data)
    return (
      <Page title={t('title')} above={above}>
        <Skeleton lines={10} />
      </Page>
    )
  const { payment } = data
  return (
    <Page
      title={formatMoney(payment.totalAmt, payment.currency, language)}
      beside={<TradeBadge status={payment.tradeStatus} />}
      above={above}
      actions={<PaymentActions detail={data} />}
    >
      <p className="payments-lead">{payment.subject}</p>
      <Details payment={payment} />
      <div className="columns">
        <Section title={t('timeline')}>
          <Timeline entries={data.timeline} currency={payment.currency} />
        </Section>
        {payment.payUrl === undefined ? null : <PayByCode payUrl={payment.payUrl} />}
      </div>
      <Attempts rows={data.attempts} currency={payment.currency} />
      <Refunds rows={data.refunds} />
      <Notifications rows={data.notifications} />
      <LedgerEntries rows={data.entries} currency={payment.currency} />
    </Page>
  )
}

function Details({ payment }: { readonly payment: Detail['payment'] }): ReactNode {
  const t = useTexts(TEXTS)
  const money = (amount: number): ReactNode => <Money amount={amount} currency={payment.currency} />
  const open = payment.payUrl !== undefined
  return (
    <Section title={t('details')}>
      <Facts
        facts={[
          [t('ourNumber'), <Code text={payment.ucpOrderNo} what={t('ourNumber')} />],
          [t('number'), <Code text={payment.outTradeNo} what={t('number')} />],
          [t('placed'), <Time at={payment.tranTime} detail="full" />],
          [t('paid'), payment.timeEnd === undefined ? undefined : <Time at={payment.timeEnd} detail="full" />],
          [t('expires'), open ? <Time at={payment.expiresAt} detail="full" /> : undefined],
          [t('card'), payment.last4 === undefined ? undefined : <Card brand={payment.brand} last4={payment.last4} />],
          [t('taken'), money(payment.capturedAmt)],
          [t('givenBack'), payment.totalRefundAmt > 0 ? money(payment.totalRefundAmt) : undefined],
          [t('refundable'), payment.refundableAmt > 0 ? money(payment.refundableAmt) : undefined],
          [t('scene'), payment.sceneType],
          [t('captureMode'), t(payment.captureMode)],
          [t('device'), payment.deviceNo],
          [t('staticCode'), payment.staticCode && <StaticCode of={payment.staticCode} />],
          [t('notifyUrl'), <code>{payment.notifyUrl}</code>],
        ]}
      />
    </Section>
  )
}

function StaticCode({
  of: { codeId, name },
}: {
  readonly of: NonNullable<Detail['payment']['staticCode']>
}): ReactNode {
  return (
    <Link to="/qr/codes/$codeId" params={{ codeId }}>
      {name}
    </Link>
  )
}

function PayByCode({ payUrl }: { readonly payUrl: string }): ReactNode {
  const t = useTexts(TEXTS)
  return (
    <Section title={t('qr')}>
      <QrCode text={payUrl} label={t('qrLabel')} />
      <Code text={payUrl} what={t('payUrl')} />
    </Section>
  )
}
