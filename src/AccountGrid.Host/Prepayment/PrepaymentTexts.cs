using System.Globalization;
using AccountGrid.Domain;

namespace AccountGrid.Host.Prepayment;

/// <summary>What an offer says, in both languages. Consent names the version: a text that changes gets another one.</summary>
internal static class PrepaymentTexts
{
    public const string Version = "prepay-1";

    public static (string Zh, string En) Of(PrepaymentFigures f)
    {
        string Amount(string text) => Money.TryParse(text, out var money)
            ? (money.Nano / (decimal)Money.NanoPerUnit).ToString("0.00", CultureInfo.InvariantCulture) + " " + f.Currency
            : throw new InvariantBrokenException($"'{text}' is no amount of figures.");
        string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var zh = $"按您 {Day(f.From)} 至 {Day(f.To)} 的实际用电，电费为 {Amount(f.Cost)}，违约金为 {Amount(f.LateFees)}。若采用预付费（电价 {f.Tariff}），电费为 "
            + $"{Amount(f.WouldCost)}。假设余额降至 {Amount(f.Level)} 时提醒您，您每次充值 {Amount(f.TopUp)}，则会收到 {f.Warnings} 次提醒，充值 {f.TopUps} 次。"
            + "以后的用电可能不同。预付费没有违约金；余额用尽且依规定通知后可能停电，充值后恢复供电。您可以拒绝，供电不受影响。您同意后，自下月第一日起改为预付费；"
            + "届时尚有欠费且未签订还款协议的，不予更改。";
        var en = $"By what you used from {Day(f.From)} to {Day(f.To)}, electricity cost you {Amount(f.Cost)}, and late payment {Amount(f.LateFees)}. On "
            + $"prepaid terms (tariff {f.Tariff}) it would have cost {Amount(f.WouldCost)}. If you are warned at a balance of {Amount(f.Level)} and pay in "
            + $"{Amount(f.TopUp)} each time, {f.Warnings} warnings would have come, and you would have paid in {f.TopUps} times. What you use from now on "
            + "may be different. Prepaid terms have no late fees. When the balance is used up, supply can be cut after the notices that the rules ask for, and "
            + "is restored when you pay in. You may decline; your supply does not depend on it. If you agree, prepaid terms begin on the first day of the next "
            + "month. They do not begin while something is owed for which there is no debt agreement.";
        return (zh, en);
    }
}
