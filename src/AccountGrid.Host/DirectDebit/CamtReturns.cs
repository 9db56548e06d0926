using System.Xml.Linq;
using AccountGrid.Domain;
using AccountGrid.Host.Payments;
using AccountGrid.Host.Settlement.Formats;

namespace AccountGrid.Host.DirectDebit;

/// <summary>
/// Reads what camt.053 and camt.054 say of collections: credits with the id of a collection are paid, debits with a reason of return came back. All else of a
/// statement is passed over: it is for the settlement.
/// </summary>
internal static class CamtReturns
{
    /// <summary>How ids of collections begin.</summary>
    private const string Prefix = "DD-";

    public static bool Is(ReadOnlySpan<byte> head) => head.IndexOf(":camt.05"u8) >= 0;

    public static DebitReading Read(byte[] bytes, DirectDebitSetting setting, string currency)
    {
        var reading = new DebitReading("camt", Currencies.DigitsOf(currency)!.Value);
        if (CamtXml.Load(bytes, (line, value, right) => reading.Wrong(line, "xml", value, right)) is not { } root)
        {
            return reading;
        }

        foreach (var entry in root.Descendants().Where(e => e.Name.LocalName == "Ntry" && CamtEntries.StateOf(e) == "BOOK"))
        {
            var transactions = entry.Children("NtryDtls").SelectMany(d => d.Children("TxDtls")).ToList();
            foreach (var transaction in transactions)
            {
                Transaction(entry, transaction, transactions.Count == 1, setting, reading);
            }
        }

        return reading;
    }

    private static void Transaction(XElement entry, XElement e, bool isAlone, DirectDebitSetting setting, DebitReading reading)
    {
        var (line, before) = (CamtXml.LineOf(e), reading.Errors.Count);
        var item = e.Text("Refs", "EndToEndId");
        if (!item.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return;
        }

        var direction = e.Text("CdtDbtInd") is { Length: > 0 } own ? own : entry.Text("CdtDbtInd");
        if (direction is not ("CRDT" or "DBIT"))
        {
            reading.Wrong(line, "CdtDbtInd", direction.Length == 0 ? null : direction, "CRDT or DBIT");
        }

        var holder = e.Child("Amt") is not null ? e : e.Child("AmtDtls")?.Child("TxAmt") ?? (isAlone ? entry : null);
        var amount = holder is null ? null : reading.Amount(CamtXml.LineOf(holder), "Amt", holder.Text("Amt"), NumberForm.Plain);
        var reason = e.Child("RtrInf")?.Child("Rsn");
        var text = reason is null ? "" : reason.Text("Cd") is { Length: > 0 } code ? code : reason.Text("Prtry");
        var said = direction == "DBIT" ? reading.Reason(line, "RtrInf/Rsn/Cd", text, setting.Results?.Reasons) : null;
        if (reading.Errors.Count == before)
        {
            reading.Results.Add(new(line, "Refs/EndToEndId", item, direction == "CRDT" ? "paid" : "returned", said, amount));
        }
    }
}
