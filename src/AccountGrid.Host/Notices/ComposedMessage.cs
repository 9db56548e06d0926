namespace AccountGrid.Host.Notices;

internal sealed record ComposedMessage(int Partition, string Id, string Language, string Subject, string Text, string Ways);
