namespace AccountGrid.Host.Events;

/// <summary>What a number in an event stands for.</summary>
internal enum EventReference
{
    None,
    Account,
    Meter,
    Tariff,
    Policy,
}
