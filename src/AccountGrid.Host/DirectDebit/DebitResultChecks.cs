using System.Globalization;
using AccountGrid.Domain;
using AccountGrid.Host.Settlement.Formats;

namespace AccountGrid.Host.DirectDebit;

/// <summary>
/// Compares what a file says with what was collected: functions of their arguments alone. What is said of a group becomes results of its members.
/// </summary>
internal static class DebitResultChecks
{
    private static readonly string[] Collected = ["sent", "paid", "rejected", "returned"];

    /// <summary>Spreads what is said of a group over its members that no line names, a payment information before the whole message.</summary>
    /// <param name="members">Members of the message with the id of their payment information; null where the channel has no such message.</param>
    public static void Spread(DebitReading reading, IReadOnlyList<(string Item, string PaymentId, long Nano)>? members)
    {
        var named = reading.Results.Select(r => r.Item).ToHashSet();
        foreach (var group in reading.Groups.OrderBy(g => g.PaymentId is null))
        {
            if (members is null)
            {
                reading.Wrong(group.Line, "OrgnlMsgId", group.MessageId, "the id of a message of the channel");
                return;
            }

            var own = members.Where(m => group.PaymentId is null || m.PaymentId == group.PaymentId).ToList();
            if (own.Count == 0)
            {
                reading.Wrong(group.Line, "OrgnlPmtInfId", group.PaymentId, $"the id of a payment information of message {group.MessageId}");
                continue;
            }

            Total(reading, group.Line, "OrgnlNbOfTxs", group.Count, own.Count);
            Total(reading, group.Line, "OrgnlCtrlSum", group.Sum, SettlementBuilder.ValueOf(new Money(own.Sum(m => m.Nano))));
            if (group.Kind is { } kind)
            {
                foreach (var member in own.Where(m => named.Add(m.Item)))
                {
                    reading.Results.Add(new(group.Line, group.PaymentId is null ? "GrpSts" : "PmtInfSts", member.Item, kind, group.Reason, null));
                }
            }
        }
    }

    /// <summary>Notes what contradicts itself, or what was collected.</summary>
    public static void Check(DebitReading reading, string channel, IReadOnlyDictionary<string, DebitItemRow> items)
    {
        var said = new Dictionary<string, DebitResult>();
        foreach (var r in reading.Results)
        {
            if (!items.TryGetValue(r.Item, out var item) || item.Channel != channel)
            {
                reading.Wrong(r.Line, r.Field, r.Item, $"the id of a collection of channel '{channel}'");
                continue;
            }

            if (!Collected.Contains(item.State))
            {
                reading.Wrong(r.Line, r.Field, r.Item, $"a collection that was made; its state is {item.State}");
                continue;
            }

            if (r.Amount is { } amount && amount.Nano != item.Amount_Nano)
            {
                reading.Wrong(r.Line, "amount", amount.ToString(), $"{new Money(item.Amount_Nano!.Value)}, the amount of collection {item.Id}");
            }

            if (r.Kind == "returned" && item.Reason is { } before && before != r.Reason)
            {
                reading.Wrong(r.Line, "reason", r.Reason, $"{before}, with which collection {item.Id} came back before");
            }

            // A statement may have the money and its return; a status is one.
            if (!said.TryAdd(r.Item, r) && reading.Format != "camt" && (said[r.Item].Kind, said[r.Item].Reason) != (r.Kind, r.Reason))
            {
                reading.Wrong(r.Line, r.Field, r.Item, $"said once: line {said[r.Item].Line} says otherwise");
            }
        }
    }

    private static void Total(DebitReading reading, int line, string field, string? text, decimal actual)
    {
        if (text is not null && NumberForm.Plain.Parse(text) != actual)
        {
            reading.Wrong(line, field, text, $"{actual.ToString("0.##", CultureInfo.InvariantCulture)}, as the message had");
        }
    }
}
