namespace AccountGrid.Host.Grades;

/// <param name="Zone">IANA zone in which months begin and end: that of the company's figures.</param>
internal sealed record GradeOptions(string Zone);
