using AccountGrid.Domain;
using AccountGrid.Domain.Policies;
using AccountGrid.Host.Settlement.Formats;

namespace AccountGrid.Host.Reconciliation;

/// <summary>
/// Compares lines of settlement files with the grid's own payments and reversals: a function of its arguments alone, and not of their order, nor of how the
/// lines are spread over files. By ids it matches at once, first the <c>channelTxnId</c>, then a reference that is of one payment only. What is alike by
/// account, amount and a business day's difference at most is a proposal. (Source: CHANNELS, the channel API, matching order.)
/// </summary>
internal sealed class Reconciler
{
    /// <summary>The most days between two that are compared: over a holiday of a week.</summary>
    public const int DaysNear = 8;

    private readonly List<DistinctLine> _lines;
    private readonly List<OwnEntry> _payments;
    private readonly List<OwnEntry> _reversals;
    private readonly AgreedFee _fee;
    private readonly BusinessCalendar _business;
    private readonly IReadOnlyDictionary<string, string> _pairs;
    private readonly Dictionary<string, OwnEntry> _paymentByTxn;
    private readonly Dictionary<string, OwnEntry> _reversalByTxn;
    private readonly ILookup<string, OwnEntry> _paymentsById;
    private readonly ILookup<string, OwnEntry> _reversalsOf;
    private readonly Dictionary<string, (ReconciliationResult Result, OwnEntry? Own)> _found = [];
    private readonly HashSet<OwnEntry> _taken = [];

    private Reconciler(
        IEnumerable<FileLine> lines, IEnumerable<OwnEntry> own, AgreedFee fee, BusinessCalendar business, IReadOnlyDictionary<string, string> pairs)
    {
        (_lines, _fee, _business, _pairs) = (DistinctLine.Of(lines), fee, business, pairs);
        var all = own.DistinctBy(o => (o.IsReversal, o.Txn)).OrderBy(o => o.Txn, StringComparer.Ordinal).ToList();
        _payments = [.. all.Where(o => !o.IsReversal)];
        _reversals = [.. all.Where(o => o.IsReversal)];
        _paymentByTxn = _payments.ToDictionary(p => p.Txn, StringComparer.Ordinal);
        _reversalByTxn = _reversals.ToDictionary(r => r.Txn, StringComparer.Ordinal);
        _reversalsOf = _reversals.ToLookup(r => r.Original!, StringComparer.Ordinal);
        _paymentsById = _payments.SelectMany(p => p.References.Append(p.Txn).Distinct().Select(id => (Id: id, Payment: p)))
            .ToLookup(x => x.Id, x => x.Payment, StringComparer.Ordinal);
    }

    /// <summary>Compares.</summary>
    /// <param name="fee">What the channel may keep.</param>
    /// <param name="business">The business days of the channel's currency.</param>
    /// <param name="pairs">What people have decided to be the same: a line's key and the <c>channelTxnId</c> of what the grid has.</param>
    public static ReconciliationOutcome Run(
        IEnumerable<FileLine> lines, IEnumerable<OwnEntry> own, AgreedFee fee, BusinessCalendar business, IReadOnlyDictionary<string, string> pairs) =>
        new Reconciler(lines, own, fee, business, pairs).Run();

    /// <summary>Whether two days are the same or a business day apart: no business day lies between them.</summary>
    internal static bool AreNear(BusinessCalendar business, DateOnly one, DateOnly other)
    {
        var (first, last) = one < other ? (one.DayNumber, other.DayNumber) : (other.DayNumber, one.DayNumber);
        return last - first <= DaysNear && business.BusinessDaysBetween(first, last - 1) == 0;
    }

    private ReconciliationOutcome Run()
    {
        var payments = _lines.Where(l => l.Line.Kind == SettlementLineKind.Payment).ToList();
        var refunds = _lines.Where(l => l.Line.Kind == SettlementLineKind.Refund).ToList();
        Match(payments, PaymentOf);
        Match(refunds, ReversalOf);
        CancelOut(payments, refunds);
        var missingThere = _payments.Concat(_reversals).Where(o => !_taken.Contains(o) && !IsCancelled(o)).ToList();
        Repeated(payments);
        Repeated(refunds);
        Fees();
        return Proposed(missingThere);
    }

    /// <summary>Gives each line what it is; of several lines of one entry the most alike is it, and the others repeat it.</summary>
    private void Match(List<DistinctLine> lines, Func<DistinctLine, OwnEntry?> find)
    {
        foreach (var same in lines.Select(l => (Line: l, Own: find(l))).Where(x => x.Own is not null).GroupBy(x => x.Own!))
        {
            var own = same.Key;
            var ordered = same.Select(x => x.Line).OrderBy(l => l.Line.ChannelTxnId == own.Txn ? 0 : 1).ThenBy(l => l.Line.Amount == own.Amount ? 0 : 1)
                .ThenBy(l => l.Line.BusinessDay == own.Day ? 0 : 1).ThenBy(l => l.Line.ChannelTxnId, StringComparer.Ordinal)
                .ThenBy(l => l.Key, StringComparer.Ordinal).ToList();
            _taken.Add(own);

            // A channel may give a payment back in parts, each under an id of its own.
            var isInParts = own.IsReversal && ordered.Count > 1 && ordered.Select(l => l.Line.ChannelTxnId).Distinct().Count() == ordered.Count
                && ordered.Aggregate(WideMoney.Zero, (sum, l) => sum + l.Line.Amount) == own.Amount;
            for (var i = 0; i < ordered.Count; i++)
            {
                _found[ordered[i].Key] = (isInParts ? Compare(ordered[i].Line, own, ordered[i].Line.Amount)
                    : i == 0 ? Compare(ordered[i].Line, own, own.Amount)
                    : ReconciliationResult.Duplicate, own);
            }
        }
    }

    private ReconciliationResult Compare(SettlementLine line, OwnEntry own, Money amount) =>
        line.Amount != amount ? ReconciliationResult.Amount
        : line.BusinessDay != own.Day ? ReconciliationResult.DayShift
        : own.IsReversal ? (_fee.IsRightOfRefund(line.Amount, line.Fee) ? ReconciliationResult.Matched : ReconciliationResult.Fee)
        : _fee.IsRight(line.Amount, line.Fee) ? ReconciliationResult.Matched
        : ReconciliationResult.Fee;

    private OwnEntry? PaymentOf(DistinctLine l)
    {
        if (_pairs.TryGetValue(l.Key, out var paired) && _paymentByTxn.TryGetValue(paired, out var decided))
        {
            return decided;
        }

        // A payment that was taken back because of its amount was booked anew, with the line's id as a reference.
        var known = l.Line.ChannelTxnId is { } txn ? _paymentByTxn.GetValueOrDefault(txn) : null;
        var isGone = known is not null && known.Amount != l.Line.Amount && _reversalsOf[known.Txn].Any();
        return known is not null && !isGone ? known : ByReference(l, known) ?? known;
    }

    /// <summary>The one payment that shares an id with the line; null where none or several do.</summary>
    private OwnEntry? ByReference(DistinctLine l, OwnEntry? butNot)
    {
        var hits = l.Ids.SelectMany(id => _paymentsById[id]).Where(p => p != butNot).Distinct().Take(2).ToList();
        return hits.Count == 1 ? hits[0] : null;
    }

    private OwnEntry? ReversalOf(DistinctLine l)
    {
        if (_pairs.TryGetValue(l.Key, out var paired) && _reversalByTxn.TryGetValue(paired, out var decided))
        {
            return decided;
        }

        return (l.Line.ChannelTxnId is { } txn ? _reversalByTxn.GetValueOrDefault(txn) : null)
            ?? (l.Line.Original is { } original ? Only(_reversalsOf[original]) : null)
            ?? (ByReference(l, null) is { } payment ? Only(_reversalsOf[payment.Txn]) : null);
    }

    private static OwnEntry? Only(IEnumerable<OwnEntry> entries) => entries.Take(2).ToList() is [var one] ? one : null;

    /// <summary>
    /// A payment and its refund that the grid has neither of, as where a reversal came before its payment: the books of both are as if nothing had been.
    /// </summary>
    private void CancelOut(List<DistinctLine> payments, List<DistinctLine> refunds)
    {
        var open = payments.Where(l => !_found.ContainsKey(l.Key)).SelectMany(l => l.Ids.Distinct().Select(id => (id, l))).ToLookup(x => x.id, x => x.l);
        foreach (var refund in refunds.Where(l => !_found.ContainsKey(l.Key)))
        {
            var ids = refund.Ids.Concat(refund.Line.Original is { } o ? [o] : []);
            var payment = ids.SelectMany(id => open[id]).Where(l => l.Line.Amount == refund.Line.Amount && !_found.ContainsKey(l.Key))
                .MinBy(l => l.Key, StringComparer.Ordinal);
            if (payment is not null)
            {
                _found[payment.Key] = (ReconciliationResult.Matched, null);
                _found[refund.Key] = (ReconciliationResult.Matched, null);
            }
        }
    }

    /// <summary>Whether a payment was taken back here and no file has either: a channel leaves out what it cancelled.</summary>
    private bool IsCancelled(OwnEntry own) => own.IsReversal
        ? _paymentByTxn.TryGetValue(own.Original!, out var payment) && !_taken.Contains(payment)
        : Only(_reversalsOf[own.Txn]) is { } reversal && !_taken.Contains(reversal);

    /// <summary>Lines that the grid does not know: the first of each id is missing here, and the others repeat it.</summary>
    private void Repeated(List<DistinctLine> lines)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in lines.Where(l => !_found.ContainsKey(l.Key)))
        {
            var isFirst = line.Line.ChannelTxnId is not { } txn || seen.Add(txn);
            _found[line.Key] = (isFirst ? ReconciliationResult.MissingHere : ReconciliationResult.Duplicate, null);
        }
    }

    /// <summary>Fees in lines of their own: those of a payment together are what is agreed for it.</summary>
    private void Fees()
    {
        foreach (var same in _lines.Where(l => l.Line.Kind == SettlementLineKind.Fee).GroupBy(l => l.Line.ChannelTxnId ?? "", StringComparer.Ordinal))
        {
            var own = same.Key.Length > 0 ? _paymentByTxn.GetValueOrDefault(same.Key) : null;
            var sum = same.Aggregate(WideMoney.Zero, (total, l) => total + l.Line.Amount);
            var isRight = own is not null && sum.IsMoney && _fee.IsNear(sum.ToMoney(), _fee.Of(own.Amount));
            foreach (var line in same)
            {
                _found[line.Key] = (isRight ? ReconciliationResult.Matched : ReconciliationResult.Fee, own);
            }
        }
    }

    /// <summary>Proposes pairs of what is missing on either side, where each has one candidate only.</summary>
    private ReconciliationOutcome Proposed(List<OwnEntry> missingThere)
    {
        var lines = _lines.Where(l => _found[l.Key].Result == ReconciliationResult.MissingHere && l.Line.Account is not null)
            .ToLookup(l => (IsReversal: l.Line.Kind == SettlementLineKind.Refund, l.Line.Account, l.Line.Amount));
        var candidates = missingThere.Where(o => o.Account is not null)
            .SelectMany(o => lines[(o.IsReversal, o.Account, o.Amount)].Where(l => AreNear(_business, l.Line.BusinessDay, o.Day))
                .Select(l => (Own: o, Line: l)))
            .ToList();
        var ofOwn = candidates.ToLookup(c => c.Own, c => c.Line);
        var ofLine = candidates.ToLookup(c => c.Line.Key, c => c.Own);
        OwnEntry? ProposalOf(DistinctLine l) => Only(ofLine[l.Key]) is { } own && ofOwn[own].Count() == 1 ? own : null;
        string? KeyOf(OwnEntry o) => ofOwn[o].Take(2).ToList() is [var line] && ofLine[line.Key].Count() == 1 ? line.Key : null;
        return new(
            [.. _lines.Select(l => new ReconciledLine(l.Key, l.Line, l.Places, _found[l.Key].Result, _found[l.Key].Own, ProposalOf(l)))],
            [
                .. missingThere.Select(o => new ReconciledOwn(DistinctLine.KeyOf($"own|{o.IsReversal}|{o.Txn}"), o, KeyOf(o)))
                    .OrderBy(o => o.Key, StringComparer.Ordinal)]);
    }
}
