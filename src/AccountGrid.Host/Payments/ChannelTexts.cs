using System.Globalization;
using AccountGrid.Domain;

namespace AccountGrid.Host.Payments;

/// <summary>What a channel shows to the customer, in both languages, and whether trying again can help.</summary>
internal static class ChannelTexts
{
    /// <summary>The same request will never be accepted.</summary>
    public const string Never = "never";

    /// <summary>Later, or after a new query, it may be.</summary>
    public const string Later = "later";

    /// <summary>At once: the answer to the first try was lost, or the grid was busy.</summary>
    public const string Now = "now";

    private static readonly Dictionary<RefusalCode, (string Retry, ChannelText Text)> Refusals = new()
    {
        [PaymentChannelRefusals.Unknown] = (Later, new("缴费渠道暂不可用，请换其他方式缴费。", "This payment channel is not available. Please pay another way.")),
        [PaymentChannelRefusals.OperationNotAllowed] = (Never, new("此渠道不支持该操作。", "This channel does not offer that.")),
        [PaymentChannelRefusals.TenderNotAllowed] = (Never, new("此渠道不接受该支付方式。", "This channel does not take that kind of payment.")),
        [PaymentChannelRefusals.CurrencyDiffers] = (Never, new("币种不符，未收款。", "The currency is not the right one. Nothing was charged.")),
        [PaymentChannelRefusals.AmountDigits] = (Never, new("金额的小数位数过多。", "The amount has too many decimals.")),
        [PaymentChannelRefusals.AmountOutOfRange] = (Never, new("金额超出此渠道的单笔限额。", "The amount is outside the limits of this channel.")),
        [PaymentChannelRefusals.AmountNotExact] = (Later, new("应缴金额已有变化，请重新查询后缴费。", "The amount to pay has changed. Please look it up again.")),
        [PaymentChannelRefusals.QueryNeeded] = (Later, new("请先查询应缴金额，再缴费。", "Please look up the amount first, then pay.")),
        [PaymentChannelRefusals.DayInvalid] = (Never, new("缴费日期有误，未入账。", "The day of the payment is not possible. It was not booked.")),
        [PaymentChannelRefusals.PaidInFuture] = (Later, new("渠道时间有误，请稍后再试。", "The channel's clock is wrong. Please try again later.")),
        [PaymentChannelRefusals.TxnInvalid] = (Never, new("交易编号有误，未入账。", "The transaction number is not possible. It was not booked.")),
        [PaymentChannelRefusals.TxnReused] = (Never, new("交易编号重复，本次未入账。", "The transaction number was used before. This payment was not booked.")),
        [PaymentChannelRefusals.TxnClosed] = (Never, new("该笔交易已关闭，款项将退回。", "This transaction is closed. The money goes back to you.")),
        [PaymentChannelRefusals.ReversalMismatch] = (Never, new("撤销金额与原交易不符。", "The amount to take back is not that of the payment.")),
        [AgentRefusals.FloatExhausted] = (Later, new("此代收点暂时无法收款，请稍后或换其他方式缴费。", "This agent cannot take the payment now. Please pay another way.")),
        [AgentRefusals.Unknown] = (Never, new("代收点信息有误，未收款。", "The agent is not known. Nothing was charged.")),
        [AgentRefusals.Needed] = (Never, new("代收点信息缺失，未收款。", "The agent is missing. Nothing was charged.")),
        [AgentRefusals.NotOfKey] = (Never, new("代收点信息有误，未收款。", "The agent is not the right one. Nothing was charged.")),
        [AgentRefusals.TxnOfAnother] = (Never, new("未找到该笔交易。", "There is no such transaction.")),
        [AccountRefusals.Unknown] = (Never, new("未找到该户号，请核对后重试。", "There is no such account. Please check the number.")),
        [AccountRefusals.Closed] = (Never, new("该户号已销户且无欠费，未收款。", "The account is closed and owes nothing. Nothing was charged.")),
        [PaymentChannelRefusals.ReversalReasonInvalid] = (Never, new("撤销原因有误。", "The reason of the reversal is not known.")),
    };

    /// <summary>
    /// Retry class and text of a refusal; a fault of the request's form concerns the channel, and its text says only that nothing was booked.
    /// </summary>
    public static (string Retry, ChannelText Text) Of(RefusalCode code) =>
        Refusals.TryGetValue(code, out var known) ? known : (Never, new("请求有误，未入账。", "The request is not valid. Nothing was booked."));

    /// <summary>Whether a refusal has a text of its own.</summary>
    internal static bool Has(RefusalCode code) => Refusals.ContainsKey(code);

    public static ChannelText Query(string result, string account, Money owed, string currency) => result switch
    {
        "ok" => new($"户号 {account} 应缴 {Show(owed, currency)}。", $"Account {account}: {Show(owed, currency)} to pay."),
        "nothing_owed" => new($"户号 {account} 无欠费，可预存电费。", $"Account {account} owes nothing. You can pay in advance."),
        "closed_account" => new($"户号 {account} 已销户且无欠费。", $"Account {account} is closed and owes nothing."),
        _ => new("未找到该户号，请核对后重试。", "There is no such account. Please check the number."),
    };

    public static ChannelText Receipt(string account, Money amount, string currency, string receipt, Money? balance) =>
        balance is { } after
            ? new(
                $"户号 {account} 已缴 {Show(amount, currency)}，余额 {Show(after, currency)}。凭证号 {receipt}。",
                $"Account {account}: {Show(amount, currency)} received, balance {Show(after, currency)}. Receipt {receipt}.")
            : new(
                $"已收 {Show(amount, currency)}，户号 {account} 待核实，核实后入账。凭证号 {receipt}。",
                $"{Show(amount, currency)} received. Account {account} is being checked; it is credited after that. Receipt {receipt}.");

    /// <summary>An amount as people read it, in the currency's digits; a balance is rounded down.</summary>
    public static string Show(Money amount, string currency)
    {
        var digits = Currencies.DigitsOf(currency) ?? 2;
        var rounded = amount.RoundedDownTo(digits).Nano / (decimal)Money.NanoPerUnit;
        return string.Create(CultureInfo.InvariantCulture, $"{rounded.ToString($"N{digits}", CultureInfo.InvariantCulture)} {currency}");
    }
}
