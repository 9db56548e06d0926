namespace AccountGrid.Host.Mqtt;

/// <summary>One register of an item.</summary>
/// <param name="At">Its place; null in Sparkplug B.</param>
/// <param name="Name">As the profile writes it: the metric's name in Sparkplug B.</param>
/// <param name="Factor">Watt-hours of one unit of the value.</param>
internal sealed record RegisterRule(ProfilePointer? At, string Name, string Obis, decimal Factor, IReadOnlyList<ProfilePointer> Multiply,
    IReadOnlyList<ProfileCondition> When);
