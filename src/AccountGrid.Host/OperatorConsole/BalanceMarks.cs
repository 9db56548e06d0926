using System.Globalization;
using AccountGrid.Host.Accounts;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>Where the balance of an account is drawn: steps of its ledger, payments and messages as marks, levels, and what is forecast.</summary>
internal sealed class BalanceMarks
{
    public const int Wide = 600;
    private const int Tall = 150;
    private const int Margin = 5;

    /// <summary>A forecast beyond this is drawn to here, so that the past does not shrink to a line.</summary>
    private static readonly TimeSpan AheadMax = TimeSpan.FromDays(30);

    private readonly DateTimeOffset _from;
    private readonly DateTimeOffset _to;
    private readonly decimal _low;
    private readonly decimal _high;

    public BalanceMarks(AccountModel model)
    {
        Ledger = [.. (model.Entries?.Data ?? []).Select(e => (e.At, Number(e.LedgerBalance))).Reverse()];
        Now = (model.Balance.AsOf, Number(model.Balance.Amount));
        Payments = [.. (model.Entries?.Data ?? []).Where(e => e.Kind == "payment")];
        _from = Ledger.Count > 0 && Ledger[0].At < Now.At ? Ledger[0].At : Now.At.AddDays(-1);
        Notices = [.. (model.Notices ?? []).Where(n => n.At >= _from)];
        Levels = [.. (model.Customer?.Levels ?? []).Select(l => (l.Kind, l.Days, Number(l.Amount))).Where(l => l.Kind != "exhausted")];
        if (model.Balance.DaysLeft is { } days && Now.Balance > 0)
        {
            // The last step of the same line where it is cut off.
            var (span, cut) = (TimeSpan.FromDays((double)days), (double)days > AheadMax.TotalDays);
            Forecast = cut
                ? (Now.At + AheadMax, Now.Balance - (Now.Balance * (decimal)AheadMax.TotalDays / days))
                : (Now.At + span, 0);
        }

        _to = Forecast?.At ?? Now.At;
        var all = Ledger.Select(l => l.Balance).Concat(Levels.Select(l => l.Amount)).Append(Now.Balance).Append(0).ToList();
        (_low, _high) = (all.Min(), all.Max());
    }

    public IReadOnlyList<(DateTimeOffset At, decimal Balance)> Ledger { get; }

    /// <summary>The live balance.</summary>
    public (DateTimeOffset At, decimal Balance) Now { get; }

    public IReadOnlyList<EntryAnswer> Payments { get; }

    public IReadOnlyList<Notices.NoticeAnswer> Notices { get; }

    public IReadOnlyList<(string Kind, int? Days, decimal Amount)> Levels { get; }

    /// <summary>When the balance is forecast to be what; null where nothing is forecast.</summary>
    public (DateTimeOffset At, decimal Balance)? Forecast { get; }

    /// <summary>The ledger as steps, and from its end to the live balance.</summary>
    public string Steps => string.Join(' ', Ledger.SelectMany((l, i) => i == 0
        ? [Point(l.At, l.Balance)]
        : new[] { Point(l.At, Ledger[i - 1].Balance), Point(l.At, l.Balance) }).Append(Point(Now.At, Now.Balance)));

    public string X(DateTimeOffset at) =>
        Text(_to <= _from ? Wide : Math.Clamp((decimal)(at - _from).Ticks / (_to - _from).Ticks, 0, 1) * Wide);

    public string Y(decimal balance) => Text(Tall + Margin - (_high == _low ? 0 : (balance - _low) / (_high - _low) * Tall));

    private string Point(DateTimeOffset at, decimal balance) => $"{X(at)},{Y(balance)}";

    private static decimal Number(string text) => decimal.Parse(text, NumberStyles.Number, CultureInfo.InvariantCulture);

    private static string Text(decimal number) => number.ToString("0.#", CultureInfo.InvariantCulture);
}
