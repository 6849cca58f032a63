// Children that misbehave, one kind a test. What cannot be told from /bin/sh is asked of the fake
// port's options.
#include "conformance/ports/child_process.h"

#include <atomic>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "conformance/ports/process_tree.h"
#include "conformance/ports/test_support.h"

namespace conformance {

namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::StartsWith;

std::unique_ptr<ChildProcess> shell(const std::string& script,
                                    std::map<std::string, std::string> environment = {}) {
  return start_child({"sh", "-c", script}, std::move(environment));
}

std::string error_of(const ChildCommand& command) {
  std::string error;
  EXPECT_EQ(ChildProcess::start(command, error), nullptr);
  return error;
}

std::string error_of(const std::string& program) {
  ChildCommand command;
  command.arguments = {program};
  return error_of(command);
}

bool lives(pid_t pid) {
  return pid > 0 && process_entry(pid).alive() && process_entry(pid).pid == pid;
}

// The number that a script prints as the first line of its output.
pid_t printed_pid(ChildProcess& child) {
  EXPECT_TRUE(wait_until(child, [&] { return child.output().find('\n') != std::string::npos; }));
  return static_cast<pid_t>(std::atol(child.output().c_str()));
}

// --- starting

TEST(ChildStart, AMissingCommandIsNamed) {
  EXPECT_EQ(error_of("pytohn3"), "command not found: pytohn3");
  EXPECT_EQ(error_of("./no/such/python"), "command not found: ./no/such/python");
}

TEST(ChildStart, AnEmptyCommandIsRefused) {
  EXPECT_EQ(error_of(ChildCommand()), "the command is empty");
  EXPECT_EQ(error_of(""), "the command is empty");
}

TEST(ChildStart, ADirectoryIsNoProgram) {
  EXPECT_EQ(error_of("/usr/bin"), "a directory, not a program: /usr/bin");
}

TEST(ChildStart, AFileThatIsNotExecutableIsCalledSo) {
  const TemporaryFolder folder;
  const std::string path = folder.write("python", "#!/bin/sh\n");
  EXPECT_EQ(error_of(path), "not executable: " + path);
}

TEST(ChildStart, InThePathAFileThatIsNotExecutableIsCalledSo) {
  const TemporaryFolder folder;
  folder.write("half-installed-python", "#!/bin/sh\n");
  ChildCommand command;
  command.arguments = {"half-installed-python"};
  command.environment["PATH"] = folder / "";
  EXPECT_EQ(error_of(command), "not executable: half-installed-python");
}

TEST(ChildStart, AnotherKindOfFileIsAnExecFormatError) {
  const TemporaryFolder folder;
  EXPECT_THAT(error_of(folder.write_program("python",
                                            "\x7f"
                                            "ELF, but not really")),
              HasSubstr("exec format error"));
  EXPECT_THAT(error_of(folder.write_program("script", "echo no first line\n")),
              HasSubstr("a script needs a first line"));
}

TEST(ChildStart, AMissingInterpreterOfAScriptIsNamed) {
  const TemporaryFolder folder;
  const std::string path = folder.write_program("python", "#! /opt/missing/python3 -u\n");
  EXPECT_EQ(error_of(path),
            "cannot run " + path + ": its interpreter is missing: /opt/missing/python3");
}

TEST(ChildStart, AMissingDirectoryIsNamed) {
  ChildCommand command;
  command.arguments = {"true"};
  command.directory = "/no/such/place";
  EXPECT_EQ(error_of(command), "no such directory: /no/such/place");
}

TEST(ChildStart, ANulByteIsRefusedAndNotCutOff) {
  ChildCommand command;
  command.arguments = {"echo", std::string("a\0b", 3)};
  EXPECT_THAT(error_of(command), HasSubstr("NUL"));
}

TEST(ChildStart, TooManyArgumentsAreAnError) {
  ChildCommand command;
  command.arguments = {"true", std::string(8u << 20, 'x')};
  EXPECT_THAT(error_of(command), HasSubstr("too long"));
}

TEST(ChildStart, TheChildsOwnPathFindsTheCommand) {
  const TemporaryFolder folder;
  folder.write_program("our-python", "#!/bin/sh\necho found\n");
  const auto child = start_child({"our-python"}, {{"PATH", "/nowhere:" + folder / ""}});
  ASSERT_TRUE(child->wait(kPatience));
  EXPECT_EQ(child->output(), "found\n");
}

TEST(ChildStart, ARelativeCommandCountsFromOurDirectoryNotTheChilds) {
  const TemporaryFolder folder;
  folder.write_program("python", "#!/bin/sh\necho $0; pwd\n");
  const std::string before = std::filesystem::current_path();
  std::filesystem::current_path(folder / "");
  ChildCommand command;
  command.arguments = {"./python"};
  command.directory = "/";
  std::string error;
  const auto child = ChildProcess::start(command, error);
  std::filesystem::current_path(before);
  ASSERT_NE(child, nullptr) << error;
  ASSERT_TRUE(child->wait(kPatience));
  EXPECT_EQ(child->output(), (folder / "./python") + "\n/\n");
}

// --- what the child is given

TEST(ChildSurroundings, StandardInputIsEmpty) {
  const auto child = start_child({"cat"});
  ASSERT_TRUE(child->wait(kPatience));
  EXPECT_EQ(child->ending()->to_string(), "exit status 0");
  EXPECT_EQ(child->output(), "");
}

TEST(ChildSurroundings, VariablesAreAddedChangedAndTakenAway) {
  ::setenv("HEDDLE_TEST_KEPT", "kept", 1);
  ::setenv("HEDDLE_TEST_GONE", "gone", 1);
  const auto child = shell(
      "echo $HEDDLE_TEST_KEPT,${HEDDLE_TEST_GONE-none},$HEDDLE_TEST_NEW,${HEDDLE_TEST_EMPTY-none}",
      {{"-HEDDLE_TEST_GONE", ""}, {"HEDDLE_TEST_NEW", "a=b"}, {"HEDDLE_TEST_EMPTY", ""}});
  ASSERT_TRUE(child->wait(kPatience));
  EXPECT_EQ(child->output(), "kept,none,a=b,\n");
}

TEST(ChildSurroundings, NoDescriptorOfOursIsInherited) {
  const int leaky = ::open("/dev/null", O_RDONLY);  // without O_CLOEXEC
  const auto child = shell("ls /proc/self/fd | wc -l");
  ASSERT_TRUE(child->wait(kPatience));
  EXPECT_EQ(std::atoi(child->output().c_str()), 4) << "0, 1, 2 and the one that lists them";
  ::close(leaky);
}

TEST(ChildSurroundings, SignalsAreNeitherIgnoredNorBlocked) {
  sigset_t blocked, before;
  ::sigemptyset(&blocked);
  ::sigaddset(&blocked, SIGUSR2);
  ::pthread_sigmask(SIG_BLOCK, &blocked, &before);
  const auto old = ::signal(SIGPIPE, SIG_IGN);
  const auto child = start_child({"grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"});
  ::signal(SIGPIPE, old);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  ASSERT_TRUE(child->wait(kPatience));
  unsigned long long still_blocked = 1, ignored = 1;
  ASSERT_EQ(
      std::sscanf(child->output().c_str(), "SigBlk: %llx SigIgn: %llx", &still_blocked, &ignored),
      2)
      << child->output();
  EXPECT_EQ(still_blocked, 0u);
  EXPECT_EQ(ignored & ~0x180000000ull, 0u)
      << "32 and 33 belong to the C library; nobody can reset them";
}

TEST(ChildSurroundings, TheChildLeadsASessionSoItHasNoTerminal) {
  const auto child = shell("sleep 600");
  EXPECT_EQ(process_entry(child->pid()).session, child->pid());
  EXPECT_EQ(process_entry(child->pid()).group, child->pid());
}

// --- endings

TEST(ChildEnding, OneThatExitsAtOnceTellsItsStatus) {
  const auto child = shell("exit 3");
  ASSERT_TRUE(child->wait(kPatience));
  EXPECT_EQ(child->ending()->to_string(), "exit status 3");
  EXPECT_FALSE(child->ending()->crashed());
}

TEST(ChildEnding, NoEndingIsKnownWhileItRuns) {
  const auto child = shell("sleep 600");
  EXPECT_FALSE(child->wait(milliseconds(20)));
  EXPECT_FALSE(child->ending());
}

TEST(ChildEnding, EverySignalHasItsName) {
  for (const char* name : {"SEGV", "ABRT", "BUS", "FPE", "ILL", "TERM", "HUP", "INT", "QUIT",
                           "PIPE", "SYS", "TRAP", "USR1", "XCPU"}) {
    const auto child = start_child({kFakePort, "--signal", name});
    ASSERT_TRUE(child->wait(kPatience)) << name;
    EXPECT_TRUE(child->ending()->crashed());
    EXPECT_EQ(child->ending()->to_string(), std::string("SIG") + name);
  }
  EXPECT_EQ(signal_name(77), "signal 77");
}

TEST(ChildEnding, AKillThatIsNotFromUsMayBeTheLackOfMemory) {
  const auto child = start_child({kFakePort, "--signal", "KILL"});
  ASSERT_TRUE(child->wait(kPatience));
  EXPECT_EQ(child->ending()->to_string(), "SIGKILL (out of memory?)");
  EXPECT_EQ(child->ending()->name(), "SIGKILL");
  EXPECT_FALSE(child->ending()->killed_by_us);
}

TEST(ChildEnding, AKillFromUsIsNoCrashOfTheChild) {
  const auto child = shell("sleep 600");
  child->kill_group();
  ASSERT_TRUE(child->ending());
  EXPECT_TRUE(child->ending()->killed_by_us);
  EXPECT_EQ(child->ending()->to_string(), "SIGKILL (from us)");
}

TEST(ChildEnding, ASignalFromUsThatItDiedOfIsFromUs) {
  const auto child = shell("sleep 600");
  child->signal_child(SIGTERM);
  ASSERT_TRUE(child->wait(kPatience));
  EXPECT_EQ(child->ending()->to_string(), "SIGTERM (from us)");
}

TEST(ChildEnding, KillingAfterItsEndChangesNothing) {
  const auto child = shell("exit 4");
  ASSERT_TRUE(child->wait(kPatience));
  child->kill_group();
  EXPECT_EQ(child->ending()->to_string(), "exit status 4");
  EXPECT_FALSE(child->left_children_behind());
}

TEST(ChildEnding, OneThatIgnoresPoliteSignalsDiesAllTheSame) {
  const auto child = shell("trap '' TERM INT HUP QUIT; echo ready; while :; do sleep 600; done");
  ASSERT_TRUE(wait_until(*child, [&] { return child->output() == "ready\n"; }));
  child->signal_child(SIGTERM);
  EXPECT_FALSE(child->wait(milliseconds(50)));
  child->kill_group();
  EXPECT_EQ(child->ending()->name(), "SIGKILL");
}

TEST(ChildEnding, OneThatStandsStillIsKilled) {
  const auto child = shell("echo $$; kill -STOP $$");
  const pid_t pid = printed_pid(*child);
  ASSERT_TRUE(wait_until(*child, [&] { return process_entry(pid).state == 'T'; }));
  EXPECT_FALSE(child->wait(milliseconds(10)));
  child->kill_group();
  EXPECT_TRUE(child->ending()->killed_by_us);
}

TEST(ChildEnding, TheProcessorTimeIsTold) {
  const auto child = shell("i=0; while [ $i -lt 50000 ]; do i=$((i+1)); done");
  ASSERT_TRUE(child->wait(kPatience));
  EXPECT_GT(child->cpu_seconds(), 0.001);
  EXPECT_LT(child->cpu_seconds(), 60);
}

TEST(ChildEnding, ASignalReachesTheChildAlone) {
  const auto child = shell("trap 'echo asked; exit 5' USR1; echo ready; sleep 600 & wait");
  ASSERT_TRUE(wait_until(*child, [&] { return child->output() == "ready\n"; }));
  child->signal_child(SIGUSR1);
  ASSERT_TRUE(child->wait(kPatience));
  EXPECT_EQ(child->ending()->to_string(), "exit status 5");
  EXPECT_EQ(child->output(), "ready\nasked\n");
}

// --- output

TEST(ChildOutput, TheStreamsAreKeptApart) {
  const auto child = shell("echo out; echo error >&2");
  ASSERT_TRUE(child->wait(kPatience));
  EXPECT_EQ(child->output(), "out\n");
  EXPECT_EQ(child->error_output(), "error\n");
  EXPECT_EQ(child->output_bytes(), 10u);
}

TEST(ChildOutput, AGigabyteCostsNeitherMemoryNorABlockedChild) {
  const auto child = start_child({kFakePort, "--print", "first", "--flood", "1000000000", "--print",
                                  "last", "--print-error", "error"});
  ASSERT_TRUE(child->wait(std::chrono::seconds(300)));
  EXPECT_EQ(child->ending()->to_string(), "exit status 0");
  EXPECT_EQ(child->output_bytes(), 1'000'000'017u);
  EXPECT_LT(child->output().size(), 66'000u);
  EXPECT_THAT(child->output(), StartsWith("first\nxxx"));
  EXPECT_THAT(child->output(), testing::EndsWith("last\n"));
  EXPECT_THAT(child->output(), HasSubstr("\n... 999934475 bytes left out ...\n"));
  EXPECT_EQ(child->error_output(), "error\n");
}

TEST(ChildOutput, AFloodOnTheOtherStreamIsBoundedToo) {
  const auto child = shell("yes | head -c 10000000 >&2; echo done");
  ASSERT_TRUE(child->wait(kPatience));
  EXPECT_EQ(child->output(), "done\n");
  EXPECT_LT(child->error_output().size(), 66'000u);
  EXPECT_EQ(child->output_bytes(), 10'000'005u);
}

TEST(ChildOutput, OneThatFloodsForEverDoesNotKeepUs) {
  const auto child = start_child({"yes"});
  EXPECT_FALSE(child->wait(milliseconds(30)));
  EXPECT_GT(child->output_bytes(), 0u);
  child->kill_group();
  EXPECT_EQ(child->ending()->name(), "SIGKILL");
}

TEST(ChildOutput, AGrandchildThatFloodsForEverDoesNotKeepUs) {
  const auto child = shell("yes & exit 0");
  ASSERT_TRUE(child->wait(kPatience));
  EXPECT_EQ(child->ending()->to_string(), "exit status 0");
  child->kill_group();
  EXPECT_TRUE(child->left_children_behind());
}

TEST(ChildOutput, OneThatClosesItsStreamsIsStillWatched) {
  const auto child = shell("exec >&- 2>&-; sleep 600");
  EXPECT_FALSE(child->wait(milliseconds(30)));
  EXPECT_FALSE(child->ending());
}

TEST(ChildOutput, WhatWasWrittenBeforeACrashIsKept) {
  const auto child = start_child({kFakePort, "--print", "last words", "--signal", "SEGV"});
  ASSERT_TRUE(child->wait(kPatience));
  EXPECT_EQ(child->output(), "last words\n");
}

// --- children of the child

TEST(ChildFamily, OneWithoutChildrenLeavesNobodyBehind) {
  const auto child = shell("sleep 0; exit 0");
  ASSERT_TRUE(child->wait(kPatience));
  child->kill_group();
  EXPECT_FALSE(child->left_children_behind());
}

TEST(ChildFamily, WhoIsLeftBehindIsSeenAndKilled) {
  const auto child = shell("sleep 600 >/dev/null 2>&1 & echo $!");
  ASSERT_TRUE(child->wait(kPatience));
  const pid_t orphan = printed_pid(*child);
  EXPECT_TRUE(lives(orphan));
  child->kill_group();
  EXPECT_TRUE(child->left_children_behind());
  EXPECT_FALSE(lives(orphan));
}

TEST(ChildFamily, ChildrenOfOneThatWeKilledAreNotLeftBehind) {
  const auto child = shell("sleep 600 & echo $!; wait");
  const pid_t grandchild = printed_pid(*child);
  child->kill_group();
  EXPECT_FALSE(child->left_children_behind());
  EXPECT_FALSE(lives(grandchild));
}

TEST(ChildFamily, AnotherSessionIsNoEscapeWhileTheParentLives) {
  const auto child = shell("setsid sleep 600 & echo $!; wait");
  const pid_t grandchild = printed_pid(*child);
  ASSERT_TRUE(wait_until(*child, [&] { return process_entry(grandchild).session == grandchild; }));
  child->kill_group();
  EXPECT_FALSE(lives(grandchild));
}

TEST(ChildFamily, AnotherSessionIsNoEscapeWhenTheParentIsDead) {
  const auto other = shell("sleep 600");  // so that the orphan could be somebody else's
  const auto child = shell("(setsid sh -c 'echo $$; exec sleep 600' &)");
  const pid_t orphan = printed_pid(*child);
  ASSERT_TRUE(child->wait(kPatience));
  ASSERT_TRUE(lives(orphan));
  child->kill_group();
  EXPECT_TRUE(child->left_children_behind());
  EXPECT_FALSE(lives(orphan));
  EXPECT_FALSE(other->wait(milliseconds(0))) << "the other child was hit";
}

TEST(ChildFamily, AnOrphanWithoutAnyMarkIsKilledByTheLastChild) {
  const auto child = shell("(setsid env -i sh -c 'echo $$; exec sleep 600' &)");
  const pid_t orphan = printed_pid(*child);
  ASSERT_TRUE(child->wait(kPatience));
  child->kill_group();
  EXPECT_FALSE(lives(orphan));
}

TEST(ChildFamily, AnOrphanWithoutAnyMarkIsSparedWhileItMayBeAnothers) {
  const auto child = shell("sleep 600");  // older than the orphan, so it could be its parent
  auto other = shell("(setsid env -i sh -c 'echo $$; exec sleep 600' &) ; sleep 600");
  const pid_t orphan = printed_pid(*other);
  ASSERT_TRUE(wait_until(*other, [&] { return process_entry(orphan).parent == ::getpid(); }));
  child->kill_group();
  EXPECT_TRUE(lives(orphan));
  other.reset();
  EXPECT_FALSE(lives(orphan));
}

TEST(ChildFamily, ASparedOrphanIsKilledByTheLastChildWhichIsNotBlamed) {
  auto other = shell("(setsid env -i sh -c 'echo $$; exec sleep 600' &) ; sleep 600");
  const pid_t orphan = printed_pid(*other);
  ASSERT_TRUE(wait_until(*other, [&] { return process_entry(orphan).parent == ::getpid(); }));
  std::unique_ptr<ChildProcess> last;
  ASSERT_TRUE(wait_until(*other, [&] {
    last = shell("exit 0");
    return process_entry(last->pid()).start_time > process_entry(orphan).start_time;
  })) << "a clock tick must lie between them";
  other.reset();
  ASSERT_TRUE(lives(orphan));
  ASSERT_TRUE(last->wait(kPatience));
  last->kill_group();
  EXPECT_FALSE(lives(orphan));
  EXPECT_FALSE(last->left_children_behind());
}

TEST(ChildFamily, TheFakePortsOrphanIsFound) {
  const auto child = start_child({kFakePort, "--orphan"});
  ASSERT_TRUE(child->wait(kPatience));
  child->kill_group();
  EXPECT_TRUE(child->left_children_behind());
}

TEST(ChildFamily, ManyInSessionsOfTheirOwnAllDie) {
  const auto child = shell(
      "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do setsid sleep 600 & echo $!; "
      "done");
  ASSERT_TRUE(child->wait(kPatience));
  child->kill_group();
  EXPECT_TRUE(child->left_children_behind());
  std::istringstream lines(child->output());
  int count = 0;
  for (pid_t pid = 0; lines >> pid; ++count) EXPECT_FALSE(lives(pid)) << pid;
  EXPECT_EQ(count, 20);
}

TEST(ChildFamily, TheDestructorKillsEverybody) {
  auto child = shell("setsid sleep 600 & echo $!; wait");
  const pid_t grandchild = printed_pid(*child);
  const pid_t pid = child->pid();
  child.reset();
  EXPECT_FALSE(lives(grandchild));
  EXPECT_EQ(process_entry(pid).pid, 0) << "not reaped";
}

TEST(ChildFamily, NoZombieOfAnOrphanIsLeft) {
  const auto child = shell("(setsid sh -c 'echo $$' &)");
  const pid_t orphan = printed_pid(*child);
  ASSERT_TRUE(child->wait(kPatience));
  ASSERT_TRUE(wait_until(*child, [&] { return !lives(orphan); }));
  child->kill_group();
  EXPECT_EQ(process_entry(orphan).pid, 0);
}

TEST(ChildFamily, AnotherChildAndItsChildrenAreNotHit) {
  const auto other = shell("setsid sleep 600 & echo $!; wait");
  const pid_t others_grandchild = printed_pid(*other);
  const auto child = shell("sleep 600");
  child->kill_group();
  EXPECT_TRUE(lives(others_grandchild));
  EXPECT_FALSE(other->wait(milliseconds(0)));
}

TEST(ChildFamily, AChildStartedByOtherMeansKeepsItsStatus) {
  const pid_t stranger = ::fork();
  if (stranger == 0) ::_exit(7);
  const auto child = shell("exit 0");
  ASSERT_TRUE(child->wait(kPatience));
  child->kill_group();
  int status = 0;
  ASSERT_EQ(::waitpid(stranger, &status, 0), stranger) << "reaped by somebody else";
  EXPECT_EQ(WEXITSTATUS(status), 7);
}

TEST(ChildFamily, ChildrenInSeveralThreadsKeepTheirStatuses) {
  std::atomic<int> right{0};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&right, thread] {
      for (int round = 0; round < 10; ++round) {
        const int status = 10 * thread + round;
        const auto child =
            shell("setsid sleep 600 >/dev/null 2>&1 & exit " + std::to_string(status));
        if (!child || !child->wait(kPatience)) continue;
        child->kill_group();
        const bool behind = child->left_children_behind();
        EXPECT_TRUE(behind) << "in round " << round;
        EXPECT_EQ(child->ending()->to_string(), "exit status " + std::to_string(status));
        if (child->ending()->exited && child->ending()->status == status && behind) ++right;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 40);
}

}  // namespace

}  // namespace conformance
