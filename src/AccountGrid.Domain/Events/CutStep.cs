using System.Text.Json.Serialization;

namespace AccountGrid.Domain.Events;

/// <summary>What was decided about a cut. Stored by its name in lower case.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CutStep>))]
public enum CutStep
{
    /// <summary>The interlock allows the cut. The gateway can ask for the command.</summary>
    [JsonStringEnumMemberName("planned")]
    Planned,

    /// <summary>The gateway has asked, and the interlock still allows the cut: the command is released.</summary>
    [JsonStringEnumMemberName("released")]
    Released,

    /// <summary>The interlock refuses the cut.</summary>
    [JsonStringEnumMemberName("refused")]
    Refused,
}
