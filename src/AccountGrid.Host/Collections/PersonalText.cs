namespace AccountGrid.Host.Collections;

/// <param name="In">What it stands in: the type of an event, <c>entry</c>, <c>approval</c> or <c>case</c>, and the member.</param>
public sealed record PersonalText(string In, DateTimeOffset At, string Text);
