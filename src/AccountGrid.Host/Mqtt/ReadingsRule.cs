namespace AccountGrid.Host.Mqtt;

/// <summary>Where a message has its readings.</summary>
/// <param name="Items">Null where the message is one item.</param>
/// <param name="MeterAt">Null where a variable names the meter.</param>
/// <param name="MeterVariable">Null where a pointer does.</param>
/// <param name="Time">Null in Sparkplug B, whose metrics have their own.</param>
internal sealed record ReadingsRule(ProfilePointer? Items, ProfilePointer? MeterAt, string? MeterVariable, ProfileTime? Time,
    IReadOnlyList<RegisterRule> Registers, IReadOnlyList<ProfileCondition> When, IReadOnlyList<string> Quality);
