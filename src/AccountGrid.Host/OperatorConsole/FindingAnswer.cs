namespace AccountGrid.Host.OperatorConsole;

/// <summary>What the doctor found, as the API says it.</summary>
public sealed record FindingAnswer(string Code, string Detail);
