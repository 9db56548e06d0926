namespace AccountGrid.Host.Mqtt;

/// <summary>A message that was refused, whole or in part.</summary>
/// <param name="Code">Of the first refusal in it.</param>
/// <param name="Rejected">Readings of it that were refused; 1 where the whole message was.</param>
/// <param name="PayloadBytes">Its size.</param>
/// <param name="Payload">Its first 16 KiB, as base64.</param>
/// <param name="TriesAgain">Whether readings of it are tried again.</param>
/// <param name="GivenUp">Readings of it that were tried again and given up; null where none was tried again. 0 when no more are tried: all were taken.</param>
internal sealed record RefusedAnswer(long Id, DateTimeOffset At, string Profile, string Topic, string Gateway, string Code, string Detail, int Rejected,
    int PayloadBytes, string Payload, bool TriesAgain, int? GivenUp);
