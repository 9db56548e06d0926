namespace AccountGrid.Host.Mqtt;

/// <param name="Connections">Those of this process; none where it has not the role mqtt.</param>
/// <param name="Refused">Of the whole grid.</param>
internal sealed record MqttAnswer(IReadOnlyList<MqttConnectionAnswer> Connections, IReadOnlyList<RefusedCountAnswer> Refused);
