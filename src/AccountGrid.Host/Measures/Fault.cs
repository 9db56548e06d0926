namespace AccountGrid.Host.Measures;

/// <summary>A kind of warning or error in a process's log.</summary>
/// <param name="At">When it was last written.</param>
/// <param name="Level"><c>warning</c>, <c>error</c> or <c>critical</c>.</param>
/// <param name="Event">Its number, by which the log has the whole line.</param>
/// <param name="Text">The message with the names of its values in their place: values can be of customers.</param>
/// <param name="Count">How often since the process began, or since it was last among the kinds that are kept.</param>
public sealed record Fault(DateTimeOffset At, string Level, string Category, int Event, string Text, long Count);
