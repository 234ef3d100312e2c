# Answers every request with one line. Perl is in every Debian image, so the build needs no network.
use strict;
use warnings;
use IO::Socket::INET;

$| = 1;
$SIG{TERM} = sub { exit 0 };  # as process 1 of a container it would be ignored otherwise

my $port = $ENV{PORT} || 8080;
my $server = IO::Socket::INET->new(
  LocalAddr => $ENV{HOST} || '0.0.0.0', LocalPort => $port, Listen => 64, ReuseAddr => 1)
  or die "cannot listen on $port: $!\n";
print "listening on $port\n";

while (1) {
  my $client = $server->accept or next;
  local $SIG{ALRM} = sub { die "slow client\n" };
  eval {
    alarm 5;
    my $request = <$client> // '';
    while (my $header = <$client>) { last if $header =~ /^\r?\n$/ }
    $request =~ s/[\r\n]+$//;
    print "$request\n";
    my $release = $ENV{TEMPS_RELEASE} // '-';
    my $body = "dockerfile-app, release $release\n";
    print $client "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " . length($body)
      . "\r\nConnection: close\r\n\r\n$body";
    alarm 0;
  };
  alarm 0;
  close $client;
}
