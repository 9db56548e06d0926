namespace AccountGrid.Host.Supply;

public sealed record RelayCommandsAnswer(IReadOnlyList<RelayCommand> Commands);
