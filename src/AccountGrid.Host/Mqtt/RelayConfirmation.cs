namespace AccountGrid.Host.Mqtt;

/// <param name="IsOn">Null where the gateway says only that the command was carried out.</param>
internal sealed record RelayConfirmation(string Meter, int Sequence, bool? IsOn, DateTimeOffset At);
