using System.Xml.Linq;
using AccountGrid.Domain;
using AccountGrid.Host.Payments;
using AccountGrid.Host.Settlement.Formats;

namespace AccountGrid.Host.DirectDebit;

/// <summary>
/// Reads payment status reports, pain.002.001 of any version, by local names. A status of the group or of a payment information holds for what is not named by
/// itself. (Source: ISO 20022; external codes of payment status and of status reasons.)
/// </summary>
internal sealed class Pain002
{
    private static readonly string[] Settled = ["ACSC", "ACCC"];
    private static readonly string[] Accepted = ["ACCP", "ACSP", "ACTC", "ACWC"];
    private static readonly string[] Silent = ["PDNG", "RCVD", "PART"];

    private readonly DirectDebitSetting _setting;
    private readonly DebitReading _reading;
    private readonly string _currency;

    private Pain002(DirectDebitSetting setting, string currency, DebitReading reading) => (_setting, _currency, _reading) = (setting, currency, reading);

    public static bool Is(ReadOnlySpan<byte> head) => head.IndexOf(":pain.002.001."u8) >= 0;

    public static DebitReading Read(byte[] bytes, DirectDebitSetting setting, string currency)
    {
        var reading = new DebitReading("pain.002", Currencies.DigitsOf(currency)!.Value);
        if (CamtXml.Load(bytes, (line, value, right) => reading.Wrong(line, "xml", value, right)) is { } root)
        {
            new Pain002(setting, currency, reading).Read(root);
        }

        return reading;
    }

    private void Read(XElement root)
    {
        if (root.Child("CstmrPmtStsRpt") is not { } report || report.Child("OrgnlGrpInfAndSts") is not { } group)
        {
            _reading.Wrong(CamtXml.LineOf(root), "CstmrPmtStsRpt/OrgnlGrpInfAndSts", null, "the group that is answered");
            return;
        }

        var message = group.Text("OrgnlMsgId");
        var name = group.Text("OrgnlMsgNmId");
        if (name.Length > 0 && !name.StartsWith("pain.008", StringComparison.Ordinal))
        {
            _reading.Wrong(CamtXml.LineOf(group), "OrgnlMsgNmId", name, "pain.008: a report about collections");
        }

        var groupReason = ReasonOf(group);
        Group(group, message, null, group.Text("GrpSts"), "GrpSts", groupReason);
        foreach (var payment in report.Children("OrgnlPmtInfAndSts"))
        {
            var reason = ReasonOf(payment) is { Length: > 0 } own ? own : groupReason;
            Group(payment, message, payment.Text("OrgnlPmtInfId"), payment.Text("PmtInfSts"), "PmtInfSts", reason);
            foreach (var transaction in payment.Children("TxInfAndSts"))
            {
                Transaction(transaction, ReasonOf(transaction) is { Length: > 0 } of ? of : reason);
            }
        }
    }

    private void Group(XElement e, string message, string? payment, string status, string field, string reason)
    {
        var line = CamtXml.LineOf(e);
        var before = _reading.Errors.Count;
        var kind = status.Length == 0 ? null : Kind(line, field, status, isGroup: true);
        var code = kind == "returned" ? _reading.Reason(line, "StsRsnInf/Rsn/Cd", reason, _setting.Results?.Reasons) : null;
        if (message.Length == 0)
        {
            _reading.Wrong(line, "OrgnlMsgId", null, "the id of the message that is answered");
        }

        if (_reading.Errors.Count == before)
        {
            _reading.Groups.Add(new(
                line, message, payment, kind == "pending" ? null : kind, code, NullIfEmpty(e.Text("OrgnlNbOfTxs")), NullIfEmpty(e.Text("OrgnlCtrlSum"))));
        }
    }

    private void Transaction(XElement e, string reason)
    {
        var (line, before) = (CamtXml.LineOf(e), _reading.Errors.Count);
        var item = e.Text("OrgnlEndToEndId");
        if (item.Length == 0)
        {
            _reading.Wrong(line, "OrgnlEndToEndId", null, "the id of the collection");
        }

        var status = e.Text("TxSts");
        var kind = Kind(line, "TxSts", status, isGroup: false);
        var code = kind == "returned" ? _reading.Reason(line, "StsRsnInf/Rsn/Cd", reason, _setting.Results?.Reasons) : null;
        Money? amount = null;
        if (e.Child("OrgnlTxRef")?.Child("Amt")?.Child("InstdAmt") is { } said)
        {
            amount = _reading.Amount(CamtXml.LineOf(said), "OrgnlTxRef/Amt/InstdAmt", said.Value.Trim(), NumberForm.Plain);
            if (said.Attribute("Ccy")?.Value is var currency && currency != _currency)
            {
                _reading.Wrong(CamtXml.LineOf(said), "OrgnlTxRef/Amt/InstdAmt Ccy", currency, $"{_currency}, the channel's currency");
            }
        }

        if (_reading.Errors.Count == before)
        {
            _reading.Results.Add(new(line, "OrgnlEndToEndId", item, kind!, code, amount));
        }
    }

    private string? Kind(int line, string field, string status, bool isGroup)
    {
        if (status == "RJCT")
        {
            return "returned";
        }

        if (Settled.Contains(status))
        {
            return "paid";
        }

        if (Accepted.Contains(status))
        {
            return _setting.BookOnAcceptance && status is "ACCP" or "ACSP" ? "paid" : "pending";
        }

        if (Silent.Contains(status) && (isGroup || status != "PART"))
        {
            return "pending";
        }

        _reading.Wrong(line, field, status.Length == 0 ? null : status, $"one of RJCT, {string.Join(", ", Settled.Concat(Accepted).Concat(Silent))}");
        return null;
    }

    /// <summary>The first reason, a code or the bank's own.</summary>
    private static string ReasonOf(XElement e) =>
        e.Child("StsRsnInf")?.Child("Rsn") is { } reason ? (reason.Text("Cd") is { Length: > 0 } code ? code : reason.Text("Prtry")) : "";

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
