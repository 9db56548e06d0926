using System.Text.Json;
using System.Text.Json.Nodes;
using AccountGrid.Domain.Commands;

namespace AccountGrid.Host.Collections;

/// <summary>Which texts people write about a customer, and what stands for one that was erased. The same as in <c>erased</c> in the schema.</summary>
internal static class Erasure
{
    public const string Erased = "[erased]";

    /// <summary>Members of stored events that a person wrote; the reasons that the grid itself gives are none.</summary>
    public static bool IsText(string type, string member) => member switch
    {
        "reference" or "note" or "consentReference" => true,
        "reason" => type is not ("wait-begun-anew" or "notice-compared" or "relay-changed"),
        "outcome" => type == "case-closed",
        _ => false,
    };

    /// <summary>The texts of a stored event, by member.</summary>
    public static IEnumerable<(string Type, string Member, string Text)> TextsOf(string json)
    {
        var happened = JsonNode.Parse(json)!.AsObject();
        var type = (string?)happened["type"] ?? "";
        foreach (var (member, value) in happened)
        {
            if (IsText(type, member) && value?.GetValueKind() == JsonValueKind.String)
            {
                yield return (type, member, value.GetValue<string>());
            }
        }
    }

    /// <summary>A stored event without its texts.</summary>
    public static string Of(string json)
    {
        var happened = JsonNode.Parse(json)!.AsObject();
        foreach (var (_, member, _) in TextsOf(json).ToList())
        {
            happened[member] = Erased;
        }

        return happened.ToJsonString();
    }

    /// <summary>A command without its texts, for those that an approval can stand for.</summary>
    public static GridCommand Of(GridCommand command) => command switch
    {
        RefundCredit { Reason: not null } c => c with { Reason = Erased },
        AdjustBalance c => c with { Reason = Erased },
        CorrectTariff c => c with { Reason = Erased },
        SetContractedCapacity c => c with { Reason = Erased },
        SetMeterFacts c => c with { Reason = Erased },
        EstimateReading c => c with { Reason = Erased },
        WaiveFees c => c with { Reason = Erased },
        DecideReading c => c with { Reason = Erased },
        WriteOff c => c with { Reason = Erased },
        SwitchMode { ConsentReference: not null } c => c with { ConsentReference = Erased },
        _ => command,
    };
}
