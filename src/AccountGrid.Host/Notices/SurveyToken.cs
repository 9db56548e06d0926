namespace AccountGrid.Host.Notices;

/// <summary>What the link of a survey says.</summary>
/// <param name="Id">32 hexadecimal digits.</param>
/// <param name="AskedMs">When the message was decided, UTC ms.</param>
internal readonly record struct SurveyToken(int Partition, string Id, long AskedMs);
